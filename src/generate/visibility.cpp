#include "generate/visibility.h"

#include <array>
#include <cmath>

namespace vitrine {
// The few bodies that matter to one question.
struct Blockers::Near {
  static constexpr std::size_t kMost = 48;  // more than ever crowd around one point
  std::array<const Body*, kMost> bodies;
  std::size_t count = 0;

  void add(const Body& body) {
    if (count < kMost) bodies[count++] = &body;
  }
};

Blockers::Blockers(std::vector<Solid> solids) {
  for (Solid& solid : solids) {
    const double reach = reach_of(solid);
    if (solid.casts) bodies_.push_back({std::move(solid), reach});
  }
}

Blockers::Near Blockers::near_point(Vec3 p, double range) const {
  Near near;
  for (const Body& body : bodies_) {
    const Vec3 way = body.solid.pose.origin - p;
    const double most = body.reach + range;
    if (dot(way, way) < most * most) near.add(body);
  }
  return near;
}

Blockers::Near Blockers::near_line(Vec3 from, Vec3 way, double size, double range) const {
  Near near;
  for (const Body& body : bodies_) {
    const Vec3 to_body = body.solid.pose.origin - from;
    const double along = std::clamp(dot(to_body, way), 0.0, size);
    const Vec3 off = to_body - way * along;
    const double most = body.reach + range;
    if (dot(off, off) < most * most) near.add(body);
  }
  return near;
}

// Distance to the nearest body, at most `limit`: what is farther away makes no difference to the caller.
double Blockers::nearest(const Near& near, Vec3 p, double limit) {
  double least = limit;
  for (std::size_t i = 0; i < near.count; ++i) {
    const Body& body = *near.bodies[i];
    const Vec3 way = p - body.solid.pose.origin;
    const double most = least + body.reach;
    if (dot(way, way) < most * most) least = std::min(least, distance_to(body.solid, p));
  }
  return least;
}

// Share of a light of half width `blur` per metre that is seen from `p`: a cone walked along `way`.
double Blockers::seen(Vec3 p, Vec3 way, double size, double blur) const {
  constexpr double kStep = 0.35;
  const Near near = near_line(p, way, size, kStep);
  if (near.count == 0) return 1;
  double share = 1;
  double t = 0.02;
  for (int i = 0; i < 12 && t < size; ++i) {
    const double room = nearest(near, p + way * t, kStep);
    share = std::min(share, 0.5 + room / (blur * t + 0.02));
    if (share <= 0) return 0;
    t += std::clamp(room, 0.03, kStep);
  }
  return static_cast<double>(ramp(0, 1, share));
}

Visibility Blockers::at(const RoomLight& light, Vec3 p, Vec3 n) const {
  if (bodies_.empty()) return {};
  double sky = 1;
  static constexpr std::array<std::array<double, 2>, 3> kTaps{{{0.03, 0.4}, {0.1, 0.4}, {0.3, 0.35}}};
  const Near near = near_point(p + n * 0.3, 0.3);
  for (const auto& [away, strength] : kTaps) {
    if (near.count == 0) break;
    const double room = nearest(near, p + n * away, away);
    sky *= 1 - strength * std::clamp(1 - room / away, 0.0, 1.0);
  }
  const Vec3 start = p + n * 0.015;
  const Vec3 way = light.window - p;
  const double size = length(way);
  Visibility result;
  result.sky = static_cast<float>(sky);
  result.window = static_cast<float>(seen(start, way * (1 / size), std::min(size, 2.0), 0.5));
  if (light.sun_power.g > 0) result.sun = static_cast<float>(seen(start, light.sun, 2, light.sun_blur * 1.5));
  return result;
}

VisibilityMap::VisibilityMap(const Blockers& blockers, const RoomLight& light, const Extent& extent) : extent_(extent) {
  if (blockers.empty()) return;
  cells_.reserve(static_cast<std::size_t>(kColumns) * kRows);
  for (int y = 0; y < kRows; ++y)
    for (int x = 0; x < kColumns; ++x) {
      const Vec3 local{(x + 0.5) * extent.width / kColumns, (y + 0.5) * extent.height / kRows, 0};
      cells_.push_back(blockers.at(light, extent.pose.room_from_local(local), extent.pose.z));
    }
}

Visibility VisibilityMap::at(Vec3 p) const {
  if (cells_.empty()) return {};
  const Vec3 local = extent_.pose.local_from_room(p);
  const double x = std::clamp(local.x / extent_.width * kColumns - 0.5, 0.0, kColumns - 1.001);
  const double y = std::clamp(local.y / extent_.height * kRows - 0.5, 0.0, kRows - 1.001);
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  const float fx = static_cast<float>(x - ix);
  const float fy = static_cast<float>(y - iy);
  const auto blend = [&](float Visibility::*part) {
    const float top = cell(ix, iy).*part + (cell(ix + 1, iy).*part - cell(ix, iy).*part) * fx;
    const float bottom = cell(ix, iy + 1).*part + (cell(ix + 1, iy + 1).*part - cell(ix, iy + 1).*part) * fx;
    return top + (bottom - top) * fy;
  };
  return {blend(&Visibility::sky), blend(&Visibility::window), blend(&Visibility::sun)};
}

}  // namespace vitrine
