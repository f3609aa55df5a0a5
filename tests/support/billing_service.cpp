#include "support/billing_service.h"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>

#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_order(const std::filesystem::path& file) { return file.extension() != ".part"; }

GenerationTask task_of(const std::string& id, const GenerationRequest& request) {
  GenerationTask task;
  task.id = id;
  task.generator = "billing";
  task.estimated_cost = kServicePrice;
  task.request = request;
  return task;
}

class BillingService final : public ImageGenerator {
 public:
  explicit BillingService(std::filesystem::path bill) : bill_(std::move(bill)) {}

  MicroUsd estimate(const GenerationRequest&) const override { return kServicePrice; }

  GenerationTask submit(const GenerationRequest& request, Context& context) override {
    context.check();
    const std::string id = std::to_string(::getpid()) + "-" + std::to_string(++count_);
    const auto part = bill_ / (id + ".part");
    std::ofstream(part) << request.prompt;
    std::filesystem::rename(part, bill_ / id);  // from here on it is charged
    return task_of(id, request);
  }

  GenerationStatus poll(const GenerationTask& task, Context& context) override {
    context.check();
    GenerationStatus status;
    status.state = std::filesystem::exists(bill_ / task.id) ? GenerationState::ready : GenerationState::lost;
    status.settled_cost = kServicePrice;
    return status;
  }

  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus&, Context& context) override {
    context.check();
    EncodeOptions png;
    png.format = FileFormat::png;
    GeneratedImage image;
    image.bytes = encode_image(plain_image({32, 32}, PixelFormat::rgb8, {200, 10, 10}), png);
    image.media_type = "image/png";
    image.task = task;
    image.cost = kServicePrice;
    image.settled = true;
    return image;
  }

 private:
  std::filesystem::path bill_;
  std::atomic<int> count_ = 0;
};

}  // namespace

std::shared_ptr<ImageGenerator> make_billing_service(const std::filesystem::path& bill) {
  return std::make_shared<BillingService>(bill);
}

FindOrder look_up_in(const std::filesystem::path& bill) {
  return [bill](const OrderIntent& intent, Context&) -> std::optional<GenerationTask> {
    for (const auto& entry : std::filesystem::directory_iterator(bill))
      if (is_order(entry.path()) && text_of(entry.path()) == intent.request.prompt)
        return task_of(entry.path().filename().string(), intent.request);
    return std::nullopt;
  };
}

std::vector<std::string> charged_prompts(const std::filesystem::path& bill) {
  std::vector<std::string> prompts;
  for (const auto& entry : std::filesystem::directory_iterator(bill))
    if (is_order(entry.path())) prompts.push_back(text_of(entry.path()));
  return prompts;
}

}  // namespace vitrine
