#pragma once

#include <optional>

#include "vitrine/image/image.h"

namespace vitrine {

/// The largest of 1, 2, 4 and 8 by which `stored` can be divided (sides rounded up) and still have `at_least`, which
/// is meant after `orientation`, on both sides.
int reduction_for(Size stored, int orientation, std::optional<Size> at_least);

Size reduced(Size size, int factor);

/// The 8-bit `image` with each block of factor x factor pixels averaged, encoded values weighted by alpha.
Image reduce(ImageView image, int factor);

}  // namespace vitrine
