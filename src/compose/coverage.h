#pragma once

#include <array>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// Exact shares of pixels inside a convex clockwise quad.
class Coverage {
 public:
  explicit Coverage(const Quad& quad);

  /// Area of the pixel whose top-left corner is (x, y) that lies inside, in [0, 1].
  float at(int x, int y) const;

  /// True if the whole pixel rectangle from (x0, y0) to (x1, y1) lies inside, or outside; both false: cut by a side.
  bool all_inside(int x0, int y0, int x1, int y1) const;
  bool all_outside(int x0, int y0, int x1, int y1) const;

 private:
  struct Side {
    double a, b, c;  // a x + b y + c is the distance inside, in pixels
    double at(double x, double y) const { return a * x + b * y + c; }
  };
  std::array<Side, 4> sides_;
};

}  // namespace vitrine
