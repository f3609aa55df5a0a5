#pragma once

#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/region_policy.h"

namespace vitrine {

/// Finds the surfaces of a scene, applies the policy and prepares what is left, best first. Throws Error
/// no_suitable_region, with the detector's reason and what to do, if nothing is.
VITRINE_EXPORT Template prepare_scene(const Image& scene, const Detector& detector, const RegionPolicy& policy,
                                      const Compositor& compositor, Context& context);

/// The same of a scene in the bytes of its file, with Compositor::prepare_encoded(). Throws also as decode_image().
VITRINE_EXPORT Template prepare_scene(ByteView scene, const DecodeOptions& decoding, const Detector& detector,
                                      const RegionPolicy& policy, const Compositor& compositor, Context& context);

struct MockupOptions {
  Fit fit = Fit::cover;
  Look look{};
  RegionPolicy policy{};
};

/// The one-liner: `artwork` on the best surface of `scene`, with the surface detector and the perspective compositor.
VITRINE_EXPORT Image make_mockup(const Image& artwork, const Image& scene, const MockupOptions& options,
                                 Context& context);
VITRINE_EXPORT Image make_mockup(const Image& artwork, const Image& scene, const MockupOptions& options = {});

}  // namespace vitrine
