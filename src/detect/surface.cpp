#include "vitrine/detect/surface.h"

#include <algorithm>
#include <stdexcept>

#include "detect/decimal.h"
#include "detect/quad_ranker.h"
#include "detect/scene_check.h"
#include "detect/surface_answer.h"
#include "detect/surface_candidates.h"
#include "detect/working_scene.h"

namespace vitrine {
namespace {

constexpr int kLeastSide = 16;  // working pixels: below it there is nothing to measure

Detection abstain(Abstention abstention, std::string reason) {
  Detection detection;
  detection.abstention = abstention;
  detection.reason = std::move(reason);
  return detection;
}

std::string pixels_of(Size size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels";
}

class SurfaceDetector : public Detector {
 public:
  explicit SurfaceDetector(const SurfaceOptions& options) : options_(options) {}

  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    require_detectable(scene);
    context.check();
    // OpenCV's rows run downward; a view that runs upward is copied.
    if (scene.stride < 0) return detect(Image(scene), context);
    const WorkingScene working = make_working_scene(scene, options_.working_side);
    if (std::min(working.size.width, working.size.height) < kLeastSide)
      return abstain(Abstention::unusable_scene, "The scene of " + pixels_of(scene.size) +
                                                     " is too small or too thin: at its working size it has " +
                                                     pixels_of(working.size) + ", less than " +
                                                     std::to_string(kLeastSide) + " on a side. Give a larger picture.");
    if (visible_share(working) <= 0)
      return abstain(Abstention::unusable_scene,
                     "All pixels of the scene are transparent. Give a picture with something on it.");
    context.report(0.1);
    const std::vector<RatedQuad> rated = rate(working, surface_candidates(working, context), context);
    if (rated.empty())
      return abstain(Abstention::no_candidate,
                     "Nothing in the scene has four sides that stand out. Try another scene or give the corners.");
    Detection detection = surface_answer(scene, working, rated, options_, context);
    context.report(1);
    return detection;
  }

 private:
  SurfaceOptions options_;
};

}  // namespace

std::unique_ptr<Detector> make_surface_detector(const SurfaceOptions& options) {
  if (!(options.min_confidence >= 0 && options.min_confidence <= 1))
    throw std::invalid_argument("SurfaceOptions::min_confidence is " + decimal(options.min_confidence, 3) +
                                "; it must lie in [0, 1].");
  if (options.max_regions < 1)
    throw std::invalid_argument("SurfaceOptions::max_regions is " + std::to_string(options.max_regions) +
                                "; it must be at least 1.");
  if (options.working_side < 128 || options.working_side > 4096)
    throw std::invalid_argument("SurfaceOptions::working_side is " + std::to_string(options.working_side) +
                                "; it must lie in [128, 4096] pixels.");
  return std::make_unique<SurfaceDetector>(options);
}

}  // namespace vitrine
