#include <array>
#include <cmath>

#include "generate/room.h"

namespace vitrine {
namespace {

// True if one side of the quad has all the points on its outer side, `margin` pixels away.
bool beside(const Quad& quad, std::span<const Point> points, double margin) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = quad[i];
    const Point b = quad[(i + 1) % 4];
    const double size = distance(a, b);
    const bool all = std::all_of(points.begin(), points.end(), [&](Point p) {
      return ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / size < -margin;
    });
    if (all) return true;
  }
  return false;
}

bool hides(const Room& room, std::span<const Vec3> points, double margin) {
  std::vector<Point> pixels;
  for (const Vec3 p : points) {
    if (room.camera.depth(p) < 0.05) return true;
    pixels.push_back(room.camera.pixel(p));
  }
  return std::any_of(room.panels.begin(), room.panels.end(),
                     [&](const Panel& panel) { return !beside(panel.quad, pixels, margin); });
}

bool hides(const Room& room, const Solid& solid) {
  const bool cone = solid.shape == SolidShape::cone;
  const double wide = std::max(solid.half.x, solid.half.z);
  const Vec3 half = cone ? Vec3{wide, solid.half.y, wide} : solid.half;
  std::array<Vec3, 8> corners;
  for (std::size_t i = 0; i < 8; ++i)
    corners[i] =
        solid.pose.room_from_local({i & 1U ? half.x : -half.x, i & 2U ? half.y : -half.y, i & 4U ? half.z : -half.z});
  return hides(room, corners, 3);
}

bool hides(const Room& room, const RoomLeaf& leaf) {
  const Vec3 across = leaf.across * leaf.half_width;
  const Vec3 middle = (leaf.base + leaf.tip) * 0.5;
  const double bow = std::abs(leaf.bend) * length(leaf.tip - leaf.base) * room.camera.focal /
                     std::max(0.05, room.camera.depth(middle));
  const std::array<Vec3, 6> points{leaf.base + across, leaf.base - across, leaf.tip + across,
                                   leaf.tip - across,  middle + across,    middle - across};
  return hides(room, points, 3 + bow);
}

template <class List>
void erase_part(List& list, std::size_t from, std::size_t to) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(from), list.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace

Room keep_clear(Room room) {
  Room::Thing end{room.solids.size(), room.leaves.size(), room.light.lamps.size()};
  for (std::size_t i = room.things.size(); i-- > 0;) {
    const Room::Thing begin = room.things[i];
    bool in_the_way = false;
    for (std::size_t k = begin.solid; k < end.solid; ++k) in_the_way |= hides(room, room.solids[k]);
    if (in_the_way) {
      erase_part(room.solids, begin.solid, end.solid);
      erase_part(room.leaves, begin.leaf, end.leaf);
      erase_part(room.light.lamps, begin.lamp, end.lamp);
    }
    end = begin;
  }
  // Of a plant that merely reaches over, the leaves in the way are cut.
  std::erase_if(room.leaves, [&](const RoomLeaf& leaf) { return hides(room, leaf); });
  room.things.clear();
  return room;
}

}  // namespace vitrine
