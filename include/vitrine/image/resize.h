#pragma once

#include "vitrine/base/export.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// The 8-bit `image` at another size: exact area average when it shrinks, Catmull-Rom when it grows, per axis; in
/// linear light, alpha premultiplied. Throws std::invalid_argument if a side is not positive.
VITRINE_EXPORT Image resize(ImageView image, Size size);

/// The largest size with the ratio of `size` that fits in `box`; at least 1 x 1. Never larger than `size`.
/// Throws std::invalid_argument if a side of either is not positive.
VITRINE_EXPORT Size fit_within(Size size, Size box);

}  // namespace vitrine
