#pragma once

#include <string>
#include <string_view>

#include "generate/bfl_endpoints.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// "16:9" for 1344 x 756: the ratio in its smallest numbers.
std::string ratio_of(Size size);

/// The ratio among `words` ("auto|16:9|…") that is nearest to the size. Throws std::invalid_argument, naming them, if
/// none is within 5 %.
std::string nearest_ratio(std::string_view words, Size size);

/// The word of flux-3-image's field `resolution` whose area is nearest.
std::string_view nearest_resolution(Size size);

}  // namespace vitrine
