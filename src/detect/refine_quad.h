#pragma once

#include "detect/working_scene.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// `quad` (working pixels) with each side moved to where the colour changes most across it, within a few pixels.
/// Where that gives no convex quad near it, `quad` itself.
Quad refine_quad(const WorkingScene& scene, const Quad& quad);

}  // namespace vitrine
