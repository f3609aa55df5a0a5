#include "compose/window_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrine {

WindowRows::WindowRows(Rect tile, const Homography& window_from_scene, int width, double margin)
    : width_(width), margin_(margin) {
  const Quad square = quad_of(tile);
  const auto& m = window_from_scene.m;
  const auto depth = [&](Point p) { return m[6] * p.x + m[7] * p.y + m[8]; };
  for (std::size_t i = 0; i < 4; ++i) {
    outline_[i] = window_from_scene(square[i]);
    known_ = known_ && std::isfinite(outline_[i].x + outline_[i].y) && depth(square[i]) * depth(square[0]) > 0;
  }
}

Columns WindowRows::columns(double top, double bottom) const {
  if (!known_) return {0, width_};
  top -= margin_;
  bottom += margin_;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (std::size_t i = 0; i < 4; ++i) {
    Point p = outline_[i];
    Point q = outline_[(i + 1) % 4];
    if (p.y > q.y) std::swap(p, q);
    if (q.y < top || p.y > bottom) continue;
    const auto at = [&](double y) { return q.y > p.y ? p.x + (q.x - p.x) * (std::clamp(y, p.y, q.y) - p.y) / (q.y - p.y) : p.x; };
    least = std::min({least, at(top), at(bottom), q.y > p.y ? least : q.x});
    most = std::max({most, at(top), at(bottom), q.y > p.y ? most : q.x});
  }
  if (!(least <= most)) return {};
  const auto column = [&](double x) { return static_cast<int>(std::clamp(x, 0.0, static_cast<double>(width_))); };
  return {column(std::floor(least - margin_)), column(std::ceil(most + margin_))};
}

}  // namespace vitrine
