#pragma once

#include "vitrine/image/geometry.h"
#include "vitrine/image/homography.h"

namespace vitrine {

/// Columns from `begin` to `end`; empty if they are equal.
struct Columns {
  int begin = 0;
  int end = 0;
};

/// Which texels of a window a tile reads: a turned or slanted tile needs no more of a row than lies under it.
class WindowRows {
 public:
  /// A tile of scene pixels and its window, `width` texels wide. Filters reach `margin` texels beyond the tile's outline.
  WindowRows(Rect tile, const Homography& window_from_scene, int width, double margin);

  /// The columns that are read in rows `top` to `bottom`.
  Columns columns(double top, double bottom) const;

 private:
  Quad outline_;
  bool known_ = true;  // the outline lies in front of the camera
  int width_;
  double margin_;
};

}  // namespace vitrine
