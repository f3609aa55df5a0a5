#include "vitrine/detect/chain.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "detect/scene_check.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

// The abstention that came closest to an answer speaks for the chain.
int closeness(Abstention abstention) {
  switch (abstention) {
    case Abstention::none:
      return 4;
    case Abstention::not_sure:
      return 3;
    case Abstention::filtered:
      return 2;
    case Abstention::no_candidate:
      return 1;
    case Abstention::unusable_scene:
      return 0;
  }
  return 0;
}

// What the detectors that gave no answer said, put together.
class Refusals {
 public:
  void add(Detection detection) {
    if (abstention_ == Abstention::none || closeness(detection.abstention) > closeness(abstention_))
      abstention_ = detection.abstention;
    say(detection.reason);
    std::move(detection.rejected.begin(), detection.rejected.end(), std::back_inserter(rejected_));
  }

  void add_missing_model(const Error& error) {
    if (!missing_) missing_ = error;
    say(error.what());
  }

  Detection answer() && {
    if (abstention_ == Abstention::none) throw *missing_;
    std::stable_sort(rejected_.begin(), rejected_.end(),
                     [](const Region& a, const Region& b) { return a.confidence > b.confidence; });
    Detection detection;
    detection.rejected = std::move(rejected_);
    detection.abstention = abstention_;
    detection.reason = std::move(reason_);
    return detection;
  }

 private:
  void say(const std::string& sentence) { reason_ += (reason_.empty() ? "" : " ") + sentence; }

  std::vector<Region> rejected_;
  std::optional<Error> missing_;
  Abstention abstention_ = Abstention::none;
  std::string reason_;
};

class ChainDetector : public Detector {
 public:
  explicit ChainDetector(std::vector<std::shared_ptr<const Detector>> detectors) : detectors_(std::move(detectors)) {}

  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    require_detectable(scene);
    Refusals refusals;
    const double step = 1.0 / static_cast<double>(detectors_.size());
    for (std::size_t i = 0; i < detectors_.size(); ++i) {
      context.check();
      Context part = context.part(static_cast<double>(i) * step, static_cast<double>(i + 1) * step);
      try {
        Detection detection = detectors_[i]->detect(scene, part);
        if (!detection.empty()) return detection;
        refusals.add(std::move(detection));
      } catch (const Error& error) {
        if (error.code() != ErrorCode::model_unavailable) throw;
        refusals.add_missing_model(error);
      }
    }
    return std::move(refusals).answer();
  }

 private:
  std::vector<std::shared_ptr<const Detector>> detectors_;
};

}  // namespace

std::unique_ptr<Detector> make_chain_detector(std::vector<std::shared_ptr<const Detector>> detectors) {
  if (detectors.empty()) throw std::invalid_argument("The chain has no detector. Give at least one.");
  if (std::find(detectors.begin(), detectors.end(), nullptr) != detectors.end())
    throw std::invalid_argument("A detector of the chain is null. Leave it out.");
  return std::make_unique<ChainDetector>(std::move(detectors));
}

}  // namespace vitrine
