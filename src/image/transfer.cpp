#include "vitrine/image/transfer.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

// Where the 8-bit value steps from i to i + 1: the linear light of (i + 0.5) / 255.
std::array<float, 256> make_steps() {
  std::array<float, 256> steps{};
  for (std::size_t i = 0; i < 256; ++i) steps[i] = linear_from_srgb((static_cast<float>(i) + 0.5F) / 255.0F);
  return steps;
}

}  // namespace

float linear_from_srgb(float encoded) {
  const float size = std::abs(encoded);
  const float linear = size <= 0.04045F ? size / 12.92F : std::pow((size + 0.055F) / 1.055F, 2.4F);
  return std::copysign(linear, encoded);
}

float srgb_from_linear(float linear) {
  const float size = std::abs(linear);
  const float encoded = size <= 0.0031308F ? size * 12.92F : 1.055F * std::pow(size, 1 / 2.4F) - 0.055F;
  return std::copysign(encoded, linear);
}

const std::array<float, 256>& linear_from_srgb8() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> values{};
    for (std::size_t i = 0; i < 256; ++i) values[i] = linear_from_srgb(static_cast<float>(i) / 255.0F);
    return values;
  }();
  return table;
}

std::uint8_t srgb8_from_linear(float linear) {
  static const std::array<float, 256> steps = make_steps();
  // A first guess from a table over 4096 equal parts, then at most a few steps up: exact, and no pow.
  static const std::array<std::uint8_t, 4097> guess = [] {
    std::array<std::uint8_t, 4097> table{};
    for (std::size_t i = 0; i <= 4096; ++i) {
      const float least = static_cast<float>(i) / 4096.0F;
      table[i] = static_cast<std::uint8_t>(std::upper_bound(steps.begin(), steps.end() - 1, least) - steps.begin());
    }
    return table;
  }();
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 255;
  std::size_t value = guess[static_cast<std::size_t>(linear * 4096.0F)];
  while (value < 255 && linear >= steps[value]) ++value;
  return static_cast<std::uint8_t>(value);
}

}  // namespace vitrine
