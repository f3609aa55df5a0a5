#pragma once

#include <cstddef>
#include <cstdint>

#include "vitrine/image/image.h"

namespace vitrine {

/// One in the row pairs' linear light.
inline constexpr int kLinearOne = 32767;

/// Values of one texel of a row pair: red, green, blue, alpha, each of the upper row and then of the lower one.
inline constexpr std::ptrdiff_t kPairValues = 8;

/// Texels behind the last one asked for that pair_rows() may write.
inline constexpr int kPairSlack = 16;

/// Two rows of `count` 8-bit sRGB pixels as linear light in 1/kLinearOne, premultiplied, interleaved: what the warp
/// kernel reads. Values of both rows lie side by side so that one multiplication takes them together. The same on every
/// instruction set.
void pair_rows(PixelFormat format, const std::uint8_t* upper, const std::uint8_t* lower, int count, std::int16_t* out);

/// Which rows of a pair are summed.
enum class PairRows { upper, lower, both };

/// Adds to each of `count` sums, four values a texel, 2^halvings neighbouring texels of the rows.
void add_texels(const std::int16_t* pairs, int count, int halvings, PairRows rows, std::int32_t* sums);

}  // namespace vitrine
