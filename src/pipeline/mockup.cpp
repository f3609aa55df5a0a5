#include "vitrine/pipeline/mockup.h"

#include "vitrine/base/error.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/surface.h"

namespace vitrine {

namespace {

std::vector<Region> find_regions(const Image& scene, const Detector& detector, const RegionPolicy& policy,
                                 Context& context) {
  const Detection detection = apply(policy, detector.detect(scene, context), scene.size());
  if (detection.empty())
    throw Error(ErrorCode::no_suitable_region,
                detection.reason.empty() ? "No suitable region was found. Try another scene or give the four corners."
                                         : detection.reason);
  return detection.regions;
}

}  // namespace

Template prepare_scene(const Image& scene, const Detector& detector, const RegionPolicy& policy,
                       const Compositor& compositor, Context& context) {
  Context detecting = context.part(0, 0.7);
  const std::vector<Region> regions = find_regions(scene, detector, policy, detecting);
  Context preparing = context.part(0.7, 1);
  return compositor.prepare(scene, regions, preparing);
}

Template prepare_scene(ByteView scene, const DecodeOptions& decoding, const Detector& detector,
                       const RegionPolicy& policy, const Compositor& compositor, Context& context) {
  Context detecting = context.part(0, 0.7);
  // The pixels are gone when the scene is prepared, which decodes it again: a few milliseconds, for all its megabytes.
  const std::vector<Region> regions = find_regions(decode_image(scene, decoding), detector, policy, detecting);
  Context preparing = context.part(0.7, 1);
  return compositor.prepare_encoded(scene, regions, decoding, preparing);
}

Image make_mockup(const Image& artwork, const Image& scene, const MockupOptions& options, Context& context) {
  const auto detector = make_surface_detector();
  const auto compositor = make_perspective_compositor();
  Context preparing = context.part(0, 0.6);
  const Template room = prepare_scene(scene, *detector, options.policy, *compositor, preparing);
  Context rendering = context.part(0.6, 1);
  return compositor->render(room, {{artwork, 0, options.fit, options.look}}, {}, rendering);
}

Image make_mockup(const Image& artwork, const Image& scene, const MockupOptions& options) {
  Context context;
  return make_mockup(artwork, scene, options, context);
}

}  // namespace vitrine
