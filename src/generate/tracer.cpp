#include "generate/tracer.h"

#include <cmath>

namespace vitrine {
namespace {

int face_of(const Solid& solid, Vec3 normal) {
  if (solid.shape != SolidShape::box) return normal.y > 0.99 ? 1 : 0;
  if (solid.rounding > 0.012) return 0;
  if (std::abs(normal.x) > 0.7) return normal.x > 0 ? 1 : 2;
  if (std::abs(normal.y) > 0.7) return normal.y > 0 ? 3 : 4;
  return normal.z > 0 ? 5 : 6;
}

void offer_plane(RoomHit& best, Seen seen, double t) {
  if (t > 0 && t < best.t) best = {seen, 0, 0, t, {}, {}, {}};
}

}  // namespace

Tracer::Tracer(const Room& room) : room_(room) {
  for (const Solid& solid : room.solids) {
    const double wide = std::max(solid.half.x, solid.half.z);
    solids_.push_back(
        reach_of(solid.pose, solid.shape == SolidShape::cone ? Vec3{wide, solid.half.y, wide} : solid.half));
  }
  for (const Panel& panel : room.panels)
    panels_.push_back(
        reach_of(panel.pose, {panel.half_width + panel.bar_x, panel.half_height + panel.bar_y, panel.depth}));
}

Tracer::Reach Tracer::reach_of(const Pose& pose, Vec3 half) const {
  Reach reach{1e30, 1e30, -1e30, -1e30};
  for (unsigned i = 0; i < 8; ++i) {
    const Vec3 corner =
        pose.room_from_local({i & 1U ? half.x : -half.x, i & 2U ? half.y : -half.y, i & 4U ? half.z : -half.z});
    if (room_.camera.depth(corner) < 0.05) return {};
    const Point pixel = room_.camera.pixel(corner);
    reach.left = std::min(reach.left, pixel.x - 1);
    reach.right = std::max(reach.right, pixel.x + 1);
    reach.top = std::min(reach.top, pixel.y - 1);
    reach.bottom = std::max(reach.bottom, pixel.y + 1);
  }
  return reach;
}

RoomHit Tracer::trace(const Ray& ray, Point pixel) const {
  RoomHit best;
  offer_plane(best, Seen::wall, -ray.from.z / ray.along.z);
  if (room_.has_floor) {
    if (ray.along.y < 0) offer_plane(best, Seen::floor, -ray.from.y / ray.along.y);
    if (ray.along.y > 0) offer_plane(best, Seen::ceiling, (room_.ceiling - ray.from.y) / ray.along.y);
    if (ray.along.x * room_.side_wall > 0)
      offer_plane(best, Seen::side_wall, (room_.side_wall - ray.from.x) / ray.along.x);
  }
  for (std::size_t i = 0; i < solids_.size(); ++i) {
    if (!solids_[i].holds(pixel)) continue;
    if (const auto hit = meet(room_.solids[i], ray, best.t))
      best = {Seen::solid, static_cast<int>(i), face_of(room_.solids[i], hit->normal), hit->t, hit->local, hit->normal,
              {}};
  }
  for (std::size_t i = 0; i < panels_.size(); ++i) {
    if (!panels_[i].holds(pixel)) continue;
    if (const auto hit = meet(room_.panels[i], ray, best.t))
      best = {Seen::panel,
              static_cast<int>(i),
              static_cast<int>(hit->part) * 4 + (hit->part == PanelPart::picture ? 0 : hit->edge),
              hit->t,
              hit->local,
              hit->normal,
              {}};
  }
  return best;
}

}  // namespace vitrine
