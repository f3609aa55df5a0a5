#pragma once

#include <vector>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// Values in [0, 1], row by row.
struct Plane {
  Size size;
  std::vector<float> values;
};

/// Mean structural similarity where `counted` says so (Wang, Bovik, Sheikh & Simoncelli, Image quality assessment, 2004: a
/// Gaussian window of deviation 1.5, constants 0.01 and 0.03); 1 if nothing counts.
double structural_similarity(const Plane& one, const Plane& other, const std::vector<bool>& counted);

/// Contrast of the finest detail of `seen` over that of `original`: what a mean over 3 x 3 takes away. 1 if there is none.
double kept_sharpness(const Plane& seen, const Plane& original, const std::vector<bool>& counted);

}  // namespace vitrine
