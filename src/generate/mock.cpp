#include "vitrine/generate/mock.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "vitrine/base/sha256.h"
#include "vitrine/generate/submit_unknown.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/resize.h"

namespace vitrine {
namespace {

constexpr std::size_t kLongestPrompt = 10'000;
constexpr int kLargestSide = 16'384;
constexpr Size kPictureBox{64, 64};  // small, so that tests of everything else stay fast

void require_request(const GenerationRequest& request) {
  if (request.prompt.empty() || request.prompt.size() > kLongestPrompt)
    throw std::invalid_argument("The prompt has " + std::to_string(request.prompt.size()) +
                                " bytes; it must have 1 to 10000.");
  const auto [width, height] = request.size;
  if (width < 1 || height < 1 || width > kLargestSide || height > kLargestSide)
    throw std::invalid_argument("The picture is to be " + std::to_string(width) + " x " + std::to_string(height) +
                                " pixels; each side must be 1 to 16384.");
}

// What the picture depends on. Lengths stand before texts, so that no two requests give the same.
Bytes fingerprint(const GenerationRequest& request) {
  std::string text;
  const auto add = [&](std::string_view part) { text += std::to_string(part.size()) + ":" + std::string(part); };
  add(request.prompt);
  add(name_of(request.kind));
  add(request.model);
  add(std::to_string(request.size.width) + "x" + std::to_string(request.size.height));
  add(request.seed ? std::to_string(*request.seed) : "none");
  for (const auto& [name, value] : request.parameters) {
    add(name);
    add(value);
  }
  const std::string digest = sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return {digest.begin(), digest.end()};
}

// Stripes whose colours come from the request: the same for the same request, different for another.
Image picture_of(const GenerationRequest& request) {
  const Bytes print = fingerprint(request);
  Image image(fit_within(request.size, kPictureBox), PixelFormat::rgb8);
  const MutableImageView pixels = image.edit();
  for (int y = 0; y < image.height(); ++y) {
    std::uint8_t* pixel = pixels.row(y);
    for (int x = 0; x < image.width(); ++x)
      for (std::size_t channel = 0; channel < 3; ++channel)
        *pixel++ =
            static_cast<std::uint8_t>(print[(static_cast<std::size_t>(x + y) / 8 * 3 + channel) % print.size()] * 2);
  }
  return image;
}

}  // namespace

MockGenerator::MockGenerator(std::vector<MockOrder> script, MicroUsd price, std::shared_ptr<Clock> clock)
    : script_(std::move(script)), price_(price), clock_(std::move(clock)) {}

MicroUsd MockGenerator::estimate(const GenerationRequest& request) const {
  require_request(request);
  return price_;
}

GenerationTask MockGenerator::submit(const GenerationRequest& request, Context& context) {
  require_request(request);
  context.check();
  const std::lock_guard lock(mutex_);
  const std::size_t number = submitted_++;
  const MockOrder plan = number < script_.size() ? script_[number] : MockOrder{};
  if (plan.submit_error) throw Error(*plan.submit_error, "The script refuses this order. Nothing was charged.");
  ++charged_;
  GenerationTask task;
  task.id = "mock-" + std::to_string(number + 1);
  task.generator = "mock";
  task.model = request.model.empty() ? "mock" : request.model;
  task.polling_url = "mock:" + task.id;
  task.estimated_cost = price_;
  task.submitted_at = clock_->now();
  task.request = request;
  orders_[task.id] = {plan, request};
  if (plan.submit_unknown)
    throw SubmitUnknown(
        "The answer to the order was lost, as the script says; it may be paid for. Look at the bill "
        "before ordering again.");
  return task;
}

GenerationStatus MockGenerator::poll(const GenerationTask& task, Context& context) {
  context.check();
  const std::lock_guard lock(mutex_);
  GenerationStatus status;
  const auto found = orders_.find(task.id);
  if (found == orders_.end()) {
    status.state = GenerationState::lost;
    status.detail = "This generator never got such an order.";
    return status;
  }
  MockOrder& plan = found->second.plan;
  if (plan.pending_polls > 0) {
    status.progress = 1.0 / (1.0 + plan.pending_polls--);
    return status;
  }
  status.state = plan.ends;
  status.detail = plan.detail;
  if (plan.ends != GenerationState::ready) return status;
  status.progress = 1;
  status.result_url = "mock:" + task.id + "/result";
  status.settled_cost = price_;
  return status;
}

GeneratedImage MockGenerator::fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) {
  if (status.state != GenerationState::ready)
    throw std::invalid_argument("The task is " + std::string(name_of(status.state)) +
                                ", not ready. Poll it until it is.");
  context.check();
  const std::lock_guard lock(mutex_);
  Order& order = order_of(task);
  if (order.plan.expired_fetches > 0) {
    --order.plan.expired_fetches;
    throw Error(ErrorCode::not_found, "The address of the picture has expired. Poll the task for a new one.");
  }
  EncodeOptions png;
  png.format = FileFormat::png;
  GeneratedImage image;
  image.bytes = encode_image(picture_of(order.request), png);
  image.media_type = media_type_of(FileFormat::png);
  image.task = task;
  image.cost = status.settled_cost.value_or(task.estimated_cost);
  image.settled = status.settled_cost.has_value();
  return image;
}

MicroUsd MockGenerator::charged() const {
  const std::lock_guard lock(mutex_);
  return {price_.value * charged_};
}

int MockGenerator::orders_charged() const {
  const std::lock_guard lock(mutex_);
  return charged_;
}

MockGenerator::Order& MockGenerator::order_of(const GenerationTask& task) {
  const auto found = orders_.find(task.id);
  if (found != orders_.end()) return found->second;
  throw Error(ErrorCode::not_found, "This generator never got the order " + task.id + ". Ask the one that did.");
}

}  // namespace vitrine
