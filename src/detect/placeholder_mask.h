#pragma once

#include "vitrine/image/region.h"

namespace vitrine {

/// Where a placeholder itself is visible: a gray8 image of the scene's size, 255 there, softer at its edges, 0 behind
/// what covers it and away from `quad`. `shows` is hole, key or blank.
Image placeholder_mask(ImageView scene, const Quad& quad, Shows shows);

}  // namespace vitrine
