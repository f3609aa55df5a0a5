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

  /// Of the pixels of row y from x = `begin` to `end`: those that are touched, and those that lie wholly inside. Either are
  /// neighbours. Where none is, both ends are `end`.
  struct Run {
    int begin = 0;
    int end = 0;
  };
  Run touched_pixels(int y, int begin, int end) const;
  Run whole_pixels(int y, int begin, int end) const;

  /// True if the whole pixel rectangle from (x0, y0) to (x1, y1) lies inside, or outside; both false: cut by a side.
  bool all_inside(int x0, int y0, int x1, int y1) const;
  bool all_outside(int x0, int y0, int x1, int y1) const;

 private:
  struct Side {
    double a, b, c;  // a x + b y + c is the distance inside, in pixels
    double at(double x, double y) const { return a * x + b * y + c; }
  };
  Run cut(Run run, double least, int y) const;
  std::array<Side, 4> sides_;
};

}  // namespace vitrine
