#include "generate/noise.h"

#include <array>
#include <cmath>

namespace vitrine {
namespace {

float fade(float t) { return t * t * t * (t * (t * 6 - 15) + 10); }

// std::lerp promises more than is needed here, and pays for it.
float blend(float a, float b, float share) { return a + (b - a) * share; }

// std::floor is a call where the machine's rounding instruction may not be assumed.
int floor_of(double value) {
  const int whole = static_cast<int>(value);
  return whole - (static_cast<double>(whole) > value ? 1 : 0);
}

// The slope at a lattice point, times the way from it.
float pull(int x, int y, float dx, float dy, std::uint32_t salt) {
  static constexpr float k = 0.70710678F;
  static constexpr std::array<std::array<float, 2>, 8> kSlopes{
      {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {k, k}, {-k, k}, {k, -k}, {-k, -k}}};
  const auto& slope = kSlopes[hash_bits(x, y, salt) & 7U];
  return slope[0] * dx + slope[1] * dy;
}

}  // namespace

float noise(double x, double y, std::uint32_t salt) noexcept {
  const int ix = floor_of(x);
  const int iy = floor_of(y);
  const float dx = static_cast<float>(x - ix);
  const float dy = static_cast<float>(y - iy);
  const float sx = fade(dx);
  const float top = blend(pull(ix, iy, dx, dy, salt), pull(ix + 1, iy, dx - 1, dy, salt), sx);
  const float bottom = blend(pull(ix, iy + 1, dx, dy - 1, salt), pull(ix + 1, iy + 1, dx - 1, dy - 1, salt), sx);
  return 1.5F * blend(top, bottom, fade(dy));
}

float fractal_noise(double x, double y, int octaves, std::uint32_t salt) noexcept {
  float sum = 0;
  float strength = 0.55F;
  for (int i = 0; i < octaves; ++i, strength *= 0.5F) {
    sum += strength * noise(x, y, salt + static_cast<std::uint32_t>(i) * 0x632BE5ABU);
    // Turned by about 37 degrees each time, so that the lattices do not line up.
    const double turned_x = 1.6 * x + 1.2 * y;
    y = 1.6 * y - 1.2 * x;
    x = turned_x;
  }
  return sum;
}

float ridged_noise(double x, double y, int octaves, std::uint32_t salt) noexcept {
  float sum = 0;
  float strength = 0.5F;
  for (int i = 0; i < octaves; ++i, strength *= 0.5F) {
    const float crest = 1 - std::abs(noise(x, y, salt + static_cast<std::uint32_t>(i) * 0x632BE5ABU));
    sum += strength * crest * crest;
    const double turned_x = 1.6 * x + 1.2 * y;
    y = 1.6 * y - 1.2 * x;
    x = turned_x;
  }
  return sum;
}

}  // namespace vitrine
