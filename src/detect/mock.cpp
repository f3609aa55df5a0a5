#include "vitrine/detect/mock.h"

#include <utility>

#include "detect/scene_check.h"

namespace vitrine {
namespace {

// The middle 40 % of each side.
Region middle_of(Size size) {
  const double left = 0.3 * size.width;
  const double right = 0.7 * size.width;
  const double top = 0.3 * size.height;
  const double bottom = 0.7 * size.height;
  Region region;
  region.quad = {{{{left, top}, {right, top}, {right, bottom}, {left, bottom}}}};
  region.label = "mock_frame";
  region.detector = "mock";
  region.reason = "The mock detector answers every scene with its middle.";
  return region;
}

class MockDetector : public Detector {
 public:
  explicit MockDetector(MockDetectorOptions options) : options_(std::move(options)) {}

  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    require_detectable(scene);
    context.check();
    context.wait_for(options_.takes);
    if (options_.error) throw Error(*options_.error, "The mock detector was told to fail. Change MockDetectorOptions.");
    Detection detection;
    detection.regions = options_.regions ? *options_.regions : std::vector<Region>{middle_of(scene.size)};
    if (detection.empty()) {
      detection.abstention = Abstention::no_candidate;
      detection.reason = options_.reason;
    }
    return detection;
  }

 private:
  MockDetectorOptions options_;
};

}  // namespace

std::unique_ptr<Detector> make_mock_detector(MockDetectorOptions options) {
  return std::make_unique<MockDetector>(std::move(options));
}

}  // namespace vitrine
