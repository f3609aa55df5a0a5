#include "vitrine/detect/fixed.h"

#include <stdexcept>
#include <utility>

#include "detect/scene_check.h"

namespace vitrine {
namespace {

class FixedDetector : public Detector {
 public:
  explicit FixedDetector(std::vector<Quad> quads) : quads_(std::move(quads)) {}

  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    require_detectable(scene);
    context.check();
    Detection detection;
    for (const Quad& quad : quads_) {
      if (bounds(quad, scene.size).empty()) continue;
      Region region;
      region.quad = quad;
      region.detector = "fixed";
      region.reason = "The quad was given.";
      detection.regions.push_back(std::move(region));
    }
    if (detection.empty()) {
      detection.abstention = Abstention::no_candidate;
      detection.reason = reason_for_none(scene.size);
    }
    return detection;
  }

 private:
  std::string reason_for_none(Size size) const {
    if (quads_.empty()) return "The list of given quads is empty. Give at least one.";
    return "None of the " + std::to_string(quads_.size()) + " given quads touches the scene of " +
           std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels. Move them inside.";
  }

  std::vector<Quad> quads_;
};

}  // namespace

std::unique_ptr<Detector> make_fixed_detector(std::vector<Quad> quads) {
  for (std::size_t i = 0; i < quads.size(); ++i)
    if (!is_convex(quads[i]))
      throw std::invalid_argument("Quad " + std::to_string(i + 1) + " of " + std::to_string(quads.size()) +
                                  " is not convex and clockwise. Give four corners clockwise from top left.");
  return std::make_unique<FixedDetector>(std::move(quads));
}

}  // namespace vitrine
