#pragma once

#include <cstdint>

namespace vitrine {

/// Scrambled bits for a lattice point.
inline std::uint32_t hash_bits(int x, int y, std::uint32_t salt) noexcept {
  std::uint32_t bits = static_cast<std::uint32_t>(x) * 0x9E3779B1U ^ static_cast<std::uint32_t>(y) * 0x85EBCA77U ^ salt;
  bits = (bits ^ (bits >> 15U)) * 0x2C1B3C6DU;
  bits = (bits ^ (bits >> 13U)) * 0x297A2D39U;
  return bits ^ (bits >> 16U);
}

/// A number in [0, 1) for a lattice point.
inline float hash01(int x, int y, std::uint32_t salt) noexcept {
  return static_cast<float>(hash_bits(x, y, salt) >> 8U) * 0x1p-24F;
}

/// Smooth noise of period about 1, in about [-1, 1], for coordinates within 1e9: gradient noise on a square lattice
/// (Perlin, SIGGRAPH 2002).
float noise(double x, double y, std::uint32_t salt) noexcept;

/// Sum of `octaves` noises, each twice as fine and half as strong; in about [-1, 1].
float fractal_noise(double x, double y, int octaves, std::uint32_t salt) noexcept;

/// The same with sharp crests, in about [0, 1]: rock, ridges, folds.
float ridged_noise(double x, double y, int octaves, std::uint32_t salt) noexcept;

/// Film or sensor grain of a pixel: about normal, mean 0, deviation 1.
inline float grain(int x, int y, std::uint32_t salt) noexcept {
  // Four bytes of one hash: their sum has mean 510 and deviation 147.8.
  const std::uint32_t bits = hash_bits(x, y, salt);
  const std::uint32_t sum = (bits & 255U) + (bits >> 8U & 255U) + (bits >> 16U & 255U) + (bits >> 24U);
  return (static_cast<float>(sum) - 510.0F) * (1 / 147.8F);
}

}  // namespace vitrine
