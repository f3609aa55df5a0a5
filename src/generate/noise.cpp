#include "generate/noise.h"

#include <array>
#include <cmath>

namespace vitrine {
namespace {

float fade(float t) { return t * t * t * (t * (t * 6 - 15) + 10); }

// The slope at a lattice point, times the way from it.
float pull(int x, int y, float dx, float dy, std::uint32_t salt) {
  static constexpr float k = 0.70710678F;
  static constexpr std::array<std::array<float, 2>, 8> kSlopes{
      {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {k, k}, {-k, k}, {k, -k}, {-k, -k}}};
  const auto& slope = kSlopes[static_cast<std::size_t>(hash01(x, y, salt) * 8)];
  return slope[0] * dx + slope[1] * dy;
}

}  // namespace

float noise(double x, double y, std::uint32_t salt) noexcept {
  const double floor_x = std::floor(x);
  const double floor_y = std::floor(y);
  const int ix = static_cast<int>(floor_x);
  const int iy = static_cast<int>(floor_y);
  const float dx = static_cast<float>(x - floor_x);
  const float dy = static_cast<float>(y - floor_y);
  const float top = std::lerp(pull(ix, iy, dx, dy, salt), pull(ix + 1, iy, dx - 1, dy, salt), fade(dx));
  const float bottom = std::lerp(pull(ix, iy + 1, dx, dy - 1, salt), pull(ix + 1, iy + 1, dx - 1, dy - 1, salt), fade(dx));
  return 1.5F * std::lerp(top, bottom, fade(dy));
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
