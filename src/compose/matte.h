#pragma once

#include <optional>

#include "compose/surface_fit.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// Tells the ground that the artwork replaces from what stands beside it or in front of it, pixel by pixel.
struct Matte {
  Rect box;     ///< Scene pixels.
  Image image;  ///< rgba8 of the box's size: alpha is the ground's share, rgb the colour of what is not ground.
  Image shade;  ///< Of a placeholder, gray8: its linear light in 1/128 of its usual one; 128 where it is flat.
};

/// The matte of a flat placeholder. Empty if the region shows something else than a key colour or a blank cut-out, or is
/// not as flat as it says.
std::optional<Matte> measure_placeholder(ImageView scene, const Region& region);

/// The matte of a blank surface in the room's light: the frame at its sides, and leaves, lamps and hands before it. Empty
/// if so much of it is covered that the fit cannot be trusted.
std::optional<Matte> measure_cover(ImageView scene, const Region& region, const SurfaceFit& fit);

}  // namespace vitrine
