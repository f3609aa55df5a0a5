#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "vitrine/image/region.h"

namespace vitrine {

/// The light that falls on a region, measured on its blank surface: what the artwork's linear light is multiplied by.
/// A coarse grid of colours over the region's box; between its points it is bilinear.
struct LightMap {
  Rect box;      ///< Scene pixels.
  int step = 1;  ///< Scene pixels from one grid point to the next; the first lies in the middle of the first cell.
  int columns = 0;
  int rows = 0;
  std::vector<float> rgb;  ///< rows x columns x 3, linear, each in [0, 4].

  struct Gain {
    float r, g, b;
  };

  /// At the centre of pixel (x, y); the border is continued outwards.
  Gain at(int x, int y) const;
};

/// Measures the light on `region`, or finds that it cannot be told: something is printed there, it is a placeholder
/// without light of its own (a hole, a flat key colour or cut-out), or it is too dark or small.
std::optional<LightMap> measure_light(ImageView scene, const Region& region);

}  // namespace vitrine
