#include "vitrine/generate/procedural.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

#include "generate/prompt_words.h"
#include "vitrine/base/error.h"
#include "vitrine/base/sha256.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

constexpr std::size_t kLongestPrompt = 10'000;
constexpr std::string_view kName = "procedural";

double number_in(const std::string& name, const std::string& json) {
  double value = 0;
  const char* const end = json.data() + json.size();
  const auto [stop, error] = std::from_chars(json.data(), end, value);
  if (error != std::errc() || stop != end)
    throw std::invalid_argument("The parameter '" + name + "' is " + json + "; it must be a number.");
  return value;
}

// Options that the words of the prompt leave open may be given as parameters.
void set_parameter(SceneOptions& options, const std::string& name, const std::string& json) {
  if (name == "covered" && (json == "true" || json == "false")) {
    options.covered = json == "true";
  } else if (name == "surfaces") {
    const double count = number_in(name, json);
    if (!(count >= 1 && count <= 6))
      throw std::invalid_argument("The parameter 'surfaces' is " + json + "; it must be 1 to 6.");
    options.surfaces = static_cast<int>(count);
  } else if (name == "max_tilt_degrees") {
    options.max_tilt_degrees = number_in(name, json);
    if (!(options.max_tilt_degrees >= 0 && options.max_tilt_degrees <= 60))
      throw std::invalid_argument("The parameter 'max_tilt_degrees' is " + json + "; it must be 0 to 60.");
  } else {
    throw std::invalid_argument("The procedural generator has no scene parameter '" + name + "' with the value " +
                                json +
                                "; it has surfaces (1 to 6), max_tilt_degrees (0 to 60) and covered (true or false).");
  }
}

SceneOptions scene_options(const GenerationRequest& request) {
  SceneOptions options = scene_of_words(request.prompt);
  options.seed = seed_of(request);
  options.size = request.size;
  for (const auto& [name, json] : request.parameters) set_parameter(options, name, json);
  return options;
}

void require_request(const GenerationRequest& request) {
  if (request.prompt.empty() || request.prompt.size() > kLongestPrompt)
    throw std::invalid_argument("The prompt has " + std::to_string(request.prompt.size()) +
                                " bytes; it must have 1 to 10000.");
  if (!request.model.empty() && request.model != kName)
    throw std::invalid_argument("The procedural generator has no model '" + request.model +
                                "'; leave it empty or say 'procedural'.");
  const bool scene = request.kind == GenerationKind::scene;
  const int least = scene ? 64 : 16;
  const int most = scene ? 8192 : 16'384;
  const auto [width, height] = request.size;
  if (std::min(width, height) < least || std::max(width, height) > most)
    throw std::invalid_argument("The picture is to be " + std::to_string(width) + " x " + std::to_string(height) +
                                " pixels; each side must be " + std::to_string(least) + " to " + std::to_string(most) +
                                ".");
  if (scene)
    scene_options(request);
  else if (!request.parameters.empty())
    throw std::invalid_argument("The procedural generator has no artwork parameter '" +
                                request.parameters.begin()->first + "'; say what you want in the prompt.");
}

// What the picture depends on. Lengths stand before texts, so that no two requests give the same.
std::string digest_of(const GenerationRequest& request) {
  std::string text;
  const auto add = [&](std::string_view part) { text += std::to_string(part.size()) + ":" + std::string(part); };
  add(request.prompt);
  add(name_of(request.kind));
  add(std::to_string(request.size.width) + "x" + std::to_string(request.size.height));
  add(request.seed ? std::to_string(*request.seed) : "none");
  for (const auto& [name, value] : request.parameters) {
    add(name);
    add(value);
  }
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}).substr(0, 24);
}

Image picture_of(const GenerationRequest& request) {
  if (request.kind == GenerationKind::scene) return make_procedural_scene(scene_options(request)).image;
  return make_procedural_artwork({seed_of(request), request.size, style_of_words(request.prompt, seed_of(request))});
}

class ProceduralGenerator final : public ImageGenerator {
 public:
  explicit ProceduralGenerator(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  MicroUsd estimate(const GenerationRequest& request) const override {
    require_request(request);
    return {0};
  }

  GenerationTask submit(const GenerationRequest& request, Context& context) override {
    require_request(request);
    context.check();
    GenerationTask task;
    task.submitted_at = clock_->now();
    // The digest lets any process tell that the task fits its request; the rest tells two equal orders apart.
    task.id = digest_of(request) + "-" + std::to_string(task.submitted_at.time_since_epoch().count()) + "-" +
              std::to_string(++submitted_);
    task.generator = kName;
    task.model = kName;
    task.polling_url = "procedural:" + task.id;
    task.request = request;
    return task;
  }

  GenerationStatus poll(const GenerationTask& task, Context& context) override {
    context.check();
    GenerationStatus status;
    if (!ours(task)) {
      status.state = GenerationState::lost;
      status.detail = "The task's id does not fit its request.";
      return status;
    }
    status.state = GenerationState::ready;
    status.progress = 1;
    status.result_url = task.polling_url;
    status.settled_cost = MicroUsd{0};
    return status;
  }

  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) override {
    if (status.state != GenerationState::ready)
      throw std::invalid_argument("The task is " + std::string(name_of(status.state)) +
                                  ", not ready. Poll it until it is.");
    context.check();
    if (!ours(task))
      throw Error(
          ErrorCode::not_found,
          "Task " + task.id +
              " is none of the procedural generator's: its id does not fit its request. Order the picture again.");
    require_request(task.request);
    EncodeOptions png;
    png.format = FileFormat::png;
    GeneratedImage image;
    image.bytes = encode_image(picture_of(task.request), png);
    image.media_type = media_type_of(FileFormat::png);
    image.task = task;
    image.settled = true;
    return image;
  }

  std::chrono::milliseconds poll_interval() const override { return std::chrono::milliseconds(1); }

 private:
  static bool ours(const GenerationTask& task) {
    return task.generator == kName && task.id.starts_with(digest_of(task.request) + "-");
  }

  std::shared_ptr<Clock> clock_;
  std::atomic<std::uint64_t> submitted_{0};
};

}  // namespace

std::unique_ptr<ImageGenerator> make_procedural_generator(std::shared_ptr<Clock> clock) {
  if (!clock)
    throw std::invalid_argument("make_procedural_generator() needs a clock; leave the argument out for the machine's.");
  return std::make_unique<ProceduralGenerator>(std::move(clock));
}

}  // namespace vitrine
