#pragma once

#include <cstdint>

#include "vitrine/image/image.h"

namespace vitrine {

/// Encodes a row of `count` pixels of linear light, four floats each of which the last is not read, as srgb8_from_linear()
/// does: exactly rounded, the same on every instruction set. `format` is rgb8, or rgba8 which is made opaque.
void encode_opaque_row(const float* linear, int count, PixelFormat format, std::uint8_t* out);

}  // namespace vitrine
