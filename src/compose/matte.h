#pragma once

#include <optional>

#include "vitrine/image/region.h"

namespace vitrine {

/// Tells a flat placeholder from what stands beside it or in front of it, pixel by pixel.
struct Matte {
  Rect box;     ///< Scene pixels.
  Image image;  ///< rgba8 of the box's size: alpha is the placeholder's share, rgb the colour of what is not placeholder.
  Image shade;  ///< gray8: the placeholder's linear light in 1/128 of its usual one; 128 where it is flat.
};

/// Measures the placeholder of a region that shows a key colour or a blank cut-out. Empty if the region shows something
/// else, or is not as flat as it says.
std::optional<Matte> measure_matte(ImageView scene, const Region& region);

}  // namespace vitrine
