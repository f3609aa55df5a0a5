#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "compose/surface_mask.h"
#include "vitrine/image/region.h"

namespace vitrine {

using LinearColor = std::array<float, 3>;

inline float luminance(const LinearColor& color) {
  return 0.2126F * color[0] + 0.7152F * color[1] + 0.0722F * color[2];  // Rec. 709
}

/// Colours on a coarse grid over a box of scene pixels, bilinear in between, continued outwards.
struct ColorGrid {
  Rect box;      ///< Scene pixels.
  int step = 1;  ///< Scene pixels from one point to the next; the first lies in the middle of the first cell.
  int columns = 0;
  int rows = 0;
  std::vector<float> rgb;  ///< rows x columns x 3, linear light.

  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }
  LinearColor at(int x, int y) const;  ///< At the centre of pixel (x, y).
};

/// What a blank surface looks like by itself: its colour in the light that falls on it, with what stands in front of it
/// left out and bridged.
struct SurfaceFit {
  ColorGrid color;
  SurfaceMask mask;         ///< Where it is to be seen.
  float reference = 0;      ///< Luminance of its brighter parts, linear.
  LinearColor tint{};       ///< Its colour over its luminance, in the middle of the distribution.
  float tint_spread = 0;    ///< How far the tint of its own pixels strays, by noise and texture.

  float own_share = 1;      ///< Share of the surface that is to be seen, not covered or printed on.

  bool is_bare() const { return own_share >= 0.9F; }

  /// True if a pixel of this colour can be the surface in some light, at a place where the fit says `expected`.
  bool explains(const LinearColor& pixel, const LinearColor& expected) const;
};

/// Fits `region`; empty if something is printed on it, or it is too dark or too small to tell.
std::optional<SurfaceFit> fit_surface(ImageView scene, const Region& region);

}  // namespace vitrine
