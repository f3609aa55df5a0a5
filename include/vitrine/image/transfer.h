#pragma once

#include <array>
#include <cstdint>

#include "vitrine/base/export.h"

namespace vitrine {

/// sRGB transfer curve (IEC 61966-2-1): encoded value in [0, 1] to linear light, and back. Odd-symmetric below zero.
VITRINE_EXPORT float linear_from_srgb(float encoded);
VITRINE_EXPORT float srgb_from_linear(float linear);

/// linear_from_srgb(i / 255) for every 8-bit value.
VITRINE_EXPORT const std::array<float, 256>& linear_from_srgb8();

/// The nearest 8-bit sRGB value, exactly rounded; clamps to [0, 255]. NaN gives 0.
VITRINE_EXPORT std::uint8_t srgb8_from_linear(float linear);

}  // namespace vitrine
