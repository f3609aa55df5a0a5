#pragma once

#include "compose/surface_fit.h"

namespace vitrine {

/// What the artwork's linear light is multiplied by, each value in [0, kMostLight].
using LightMap = ColorGrid;
inline constexpr float kMostLight = 4;

/// The light on a blank surface: its colour over that of white paper in full light. White balance and shadows are the
/// photo's; paint is not.
LightMap light_on(const SurfaceFit& fit);

}  // namespace vitrine
