#include "generate/quad_cover.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace vitrine {

QuadCover::QuadCover(const Quad& quad) : quad_(quad), sides_{} {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point from = quad[i];
    const Point to = quad[(i + 1) % 4];
    const double size = std::max(distance(from, to), 1e-9);
    const double a = -(to.y - from.y) / size;
    const double b = (to.x - from.x) / size;
    sides_[i] = {a, b, -(a * from.x + b * from.y)};
  }
}

double QuadCover::operator()(int x, int y) const {
  double least = 1e30;
  for (const Side& side : sides_) least = std::min(least, side.a * (x + 0.5) + side.b * (y + 0.5) + side.c);
  // Half a pixel's diagonal away from every side the answer is plain.
  if (least < -0.75) return 0;
  if (least > 0.75) return 1;
  const Quad pixel = quad_of({x, y, 1, 1});
  return std::clamp(std::abs(signed_area(clip(quad_.corners, pixel.corners))), 0.0, 1.0);
}

}  // namespace vitrine
