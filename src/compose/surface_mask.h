#pragma once

#include <cstdint>
#include <vector>

#include "vitrine/image/region.h"

namespace vitrine {

/// Which parts of a region are the blank surface itself, lit or in shadow, and which are something in front of it or on it.
/// On cells of `step` pixels over `box`.
struct SurfaceMask {
  enum class Cell : std::uint8_t { outside, surface, other };

  Rect box;      ///< Scene pixels.
  int step = 1;
  int columns = 0;
  int rows = 0;
  std::vector<Cell> cells;  ///< Row by row; `outside`: not wholly in the region.

  Cell at(int column, int row) const {
    return cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)];
  }
  /// Of scene pixel (x, y); beyond the box, the nearest.
  Cell at_pixel(int x, int y) const;

  /// True if a cell of this kind lies within `reach` cells of the one that holds scene pixel (x, y).
  bool near_pixel(int x, int y, int reach, Cell kind) const;
};

/// Follows the surface from its clean parts over everything that changes as slowly as light does, and then judges what is
/// left, piece by piece, by colour and by how sharp its rim is.
SurfaceMask find_surface(ImageView scene, const Region& region);

}  // namespace vitrine
