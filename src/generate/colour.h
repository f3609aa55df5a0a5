#pragma once

#include <algorithm>
#include <cstdint>

#include "vitrine/image/transfer.h"

namespace vitrine {

/// Linear light.
struct Rgb {
  float r = 0;
  float g = 0;
  float b = 0;
  friend Rgb operator+(Rgb p, Rgb q) { return {p.r + q.r, p.g + q.g, p.b + q.b}; }
  friend Rgb operator*(Rgb p, Rgb q) { return {p.r * q.r, p.g * q.g, p.b * q.b}; }
  friend Rgb operator*(Rgb p, float s) { return {p.r * s, p.g * s, p.b * s}; }
  Rgb& operator+=(Rgb other) { return *this = *this + other; }
};

inline Rgb mix(Rgb a, Rgb b, float share_of_b) { return a * (1 - share_of_b) + b * share_of_b; }
inline float luminance(Rgb c) { return 0.2126F * c.r + 0.7152F * c.g + 0.0722F * c.b; }
inline float largest(Rgb c) { return std::max({c.r, c.g, c.b}); }

/// From the way designers write it, 0xRRGGBB.
inline Rgb from_hex(std::uint32_t hex) {
  const auto& linear = linear_from_srgb8();
  return {linear[hex >> 16U & 255U], linear[hex >> 8U & 255U], linear[hex & 255U]};
}

/// 0 up to `from`, 1 after `to`, smooth between.
inline float ramp(double from, double to, double value) {
  const double t = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return static_cast<float>(t * t * (3 - 2 * t));
}

}  // namespace vitrine
