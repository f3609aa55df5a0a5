#pragma once

#include <vector>

#include "detect/quad_ranker.h"
#include "detect/working_scene.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/surface.h"

namespace vitrine {

/// Chooses among rated quads: which are surfaces of their own, which runners-up, and whether to believe in any.
Detection surface_answer(ImageView scene, const WorkingScene& working, const std::vector<RatedQuad>& rated,
                         const SurfaceOptions& options, Context& context);

}  // namespace vitrine
