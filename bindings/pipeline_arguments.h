#pragma once

#include <memory>
#include <utility>

#include "vitrine/compose/compositor.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/surface.h"

namespace vitrine::python {

using DetectorArgument = std::shared_ptr<Detector>;      ///< None: the surface detector.
using CompositorArgument = std::shared_ptr<Compositor>;  ///< None: the perspective engine.

inline DetectorArgument detector_or_surface(DetectorArgument detector, double min_confidence) {
  if (detector) return detector;
  SurfaceOptions options;
  options.min_confidence = min_confidence;
  return make_surface_detector(options);
}

inline CompositorArgument compositor_or_engine(CompositorArgument compositor) {
  return compositor ? std::move(compositor) : CompositorArgument(make_perspective_compositor());
}

}  // namespace vitrine::python
