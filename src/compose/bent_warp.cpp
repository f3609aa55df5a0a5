#include "compose/bent_warp.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitrine {
namespace {

constexpr int kCellWidth = 8;
constexpr int kCellHeight = 16;

// Share of a pixel on the inner side of a straight edge `distance` pixels away.
float share_inside(double distance) { return static_cast<float>(std::clamp(distance + 0.5, 0.0, 1.0)); }

}  // namespace

BentWarp::BentWarp(const ArtworkLevels& levels, const Bend& bend, const UnitFit& fit, Size artwork_size, Rect area) {
  const Homography part_from_unit = target_from_source(fit.shown, fit.part);
  const auto in_artwork = [&](Point p) {
    const Point part = part_from_unit(bend.unit_from_scene(p));
    return Point{part.x * artwork_size.width, part.y * artwork_size.height};
  };
  Quad source = fit.part;
  for (Point& p : source.corners) p = {p.x * artwork_size.width, p.y * artwork_size.height};
  for (int y = area.y; y < area.y + area.height; y += kCellHeight)
    for (int x = area.x; x < area.x + area.width; x += kCellWidth) {
      const Rect rect{x, y, std::min(kCellWidth, area.x + area.width - x), std::min(kCellHeight, area.y + area.height - y)};
      const Quad cell = quad_of(rect);
      const Quad target{{{in_artwork(cell[0]), in_artwork(cell[1]), in_artwork(cell[2]), in_artwork(cell[3])}}};
      if (!is_convex(target)) continue;
      const Homography artwork_from_scene = target_from_source(cell, target);
      cells_.push_back(std::make_unique<const Cell>(
          Cell{Warp(levels, PlacementGeometry{cell, artwork_from_scene, source}, cell, rect), source, artwork_from_scene}));
    }
}

void BentWarp::cut(const Cell& cell, const Rect& rect, float* rgba) {
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x, rgba += 4) {
      const Point centre{x + 0.5, y + 0.5};
      const Point p = cell.artwork_from_scene(centre);
      const auto j = cell.artwork_from_scene.jacobian(centre);
      const double u = std::max(std::hypot(j[0], j[1]), 1e-9);
      const double v = std::max(std::hypot(j[2], j[3]), 1e-9);
      const float share = share_inside((p.x - cell.source[0].x) / u) * share_inside((cell.source[2].x - p.x) / u) *
                          share_inside((p.y - cell.source[0].y) / v) * share_inside((cell.source[2].y - p.y) / v);
      if (share < 1)
        for (int c = 0; c < 4; ++c) rgba[c] *= share;
    }
}

}  // namespace vitrine
