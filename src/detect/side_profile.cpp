#include "detect/side_profile.h"

namespace vitrine {

Side side_of(const Quad& quad, std::size_t i) {
  Side side{quad[i], quad[(i + 1) % 4], {}};
  const double length = side.length() + 1e-9;
  side.inward = {-(side.end.y - side.begin.y) / length, (side.end.x - side.begin.x) / length};
  return side;
}

Quad quad_from_sides(const std::array<Side, 4>& sides) {
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const Side& before = sides[(i + 3) % 4];
    const Side& after = sides[i];
    const Point d{before.end.x - before.begin.x, before.end.y - before.begin.y};
    const Point e{after.end.x - after.begin.x, after.end.y - after.begin.y};
    const double turn = d.x * e.y - d.y * e.x;
    const double t = ((after.begin.x - before.begin.x) * e.y - (after.begin.y - before.begin.y) * e.x) / turn;
    quad[i] = {before.begin.x + t * d.x, before.begin.y + t * d.y};
  }
  return quad;
}

}  // namespace vitrine
