#pragma once

#include <vector>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// How far what lies on folds is moved by them, in scene pixels, on a coarse grid.
struct Relief {
  Rect box;
  int step = 1;
  int columns = 0;
  int rows = 0;
  std::vector<float> shift;  ///< rows x columns x 2.

  /// `p` moved; the shift is bilinear in between and continued outwards.
  Point moved(Point p) const;
  double most() const;  ///< The longest shift.
};

}  // namespace vitrine
