#pragma once

#include <array>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// Share of pixels inside a convex clockwise quad, exactly.
class QuadCover {
 public:
  explicit QuadCover(const Quad& quad);

  double operator()(int x, int y) const;

 private:
  struct Side {
    double a, b, c;  ///< a x + b y + c is the way inside, in pixels.
  };
  Quad quad_;
  std::array<Side, 4> sides_;
};

}  // namespace vitrine
