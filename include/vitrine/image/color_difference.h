#pragma once

#include <array>
#include <cstdint>

#include "vitrine/base/export.h"

namespace vitrine {

/// A colour in CIE L*a*b* under D65.
struct Lab {
  double lightness = 0;  ///< 0 black, 100 white.
  double a = 0;
  double b = 0;
};

/// Of linear sRGB light, red, green, blue; 1 is white.
VITRINE_EXPORT Lab lab_from_linear(const std::array<float, 3>& rgb);

/// CIEDE2000 with all weights 1 (Sharma, Wu & Dalal, The CIEDE2000 color-difference formula, Color Research and
/// Application 30(1), 2005). About 1 is just noticeable.
VITRINE_EXPORT double delta_e_2000(const Lab& one, const Lab& other);

}  // namespace vitrine
