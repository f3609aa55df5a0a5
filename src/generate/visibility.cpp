#include "generate/visibility.h"

#include <array>
#include <cmath>

namespace vitrine {
namespace {

double nearest(std::span<const Solid> solids, Vec3 p) {
  double least = 1e30;
  for (const Solid& solid : solids) {
    // A ball around the body is a cheaper bound; most bodies are too far to matter.
    const double reach = length(solid.half);
    const double away = length(p - solid.pose.origin) - (solid.shape == SolidShape::box ? reach : 2 * reach);
    if (away < least) least = std::min(least, distance_to(solid, p));
  }
  return least;
}

// Share of a light of half width `blur` per metre that is seen from `p` (a cone walked along `way`).
float seen(std::span<const Solid> solids, Vec3 p, Vec3 way, double limit, double blur) {
  double share = 1;
  double t = 0.02;
  for (int i = 0; i < 14 && t < limit; ++i) {
    const double room = nearest(solids, p + way * t);
    share = std::min(share, 0.5 + room / (blur * t + 0.02));
    if (share <= 0) return 0;
    t += std::clamp(room, 0.03, 0.5);
  }
  return ramp(0, 1, share);
}

}  // namespace

Visibility visibility_at(std::span<const Solid> solids, const RoomLight& light, Vec3 p, Vec3 n) {
  if (solids.empty()) return {};
  double sky = 1;
  static constexpr std::array<std::array<double, 2>, 3> kTaps{{{0.03, 0.4}, {0.1, 0.4}, {0.3, 0.35}}};
  for (const auto& [away, strength] : kTaps) {
    const double room = nearest(solids, p + n * away);
    sky *= 1 - strength * std::clamp(1 - room / away, 0.0, 1.0);
  }
  const Vec3 start = p + n * 0.015;
  const Vec3 way = light.window - p;
  const double size = length(way);
  Visibility result;
  result.sky = static_cast<float>(sky);
  result.window = seen(solids, start, way * (1 / size), std::min(size, 2.5), 0.5);
  if (light.sun_power.g > 0) result.sun = seen(solids, start, light.sun, 3, light.sun_blur * 1.5);
  return result;
}

VisibilityMap::VisibilityMap(std::span<const Solid> solids, const RoomLight& light, const Extent& extent) : extent_(extent) {
  if (solids.empty()) return;
  cells_.reserve(static_cast<std::size_t>(kColumns) * kRows);
  for (int y = 0; y < kRows; ++y)
    for (int x = 0; x < kColumns; ++x) {
      const Vec3 local{(x + 0.5) * extent.width / kColumns, (y + 0.5) * extent.height / kRows, 0};
      cells_.push_back(visibility_at(solids, light, extent.pose.room_from_local(local), extent.pose.z));
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
    return std::lerp(std::lerp(cell(ix, iy).*part, cell(ix + 1, iy).*part, fx),
                     std::lerp(cell(ix, iy + 1).*part, cell(ix + 1, iy + 1).*part, fx), fy);
  };
  return {blend(&Visibility::sky), blend(&Visibility::window), blend(&Visibility::sun)};
}

}  // namespace vitrine
