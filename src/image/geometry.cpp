#include "vitrine/image/geometry.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace vitrine {
namespace {

double cross(Point origin, Point a, Point b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

bool is_finite(const Quad& quad) {
  return std::all_of(quad.corners.begin(), quad.corners.end(),
                     [](Point p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

// Turns below this share of the longest side squared are taken for straight lines.
constexpr double kFlatTurn = 1e-9;

double longest_side_squared(const Quad& quad) {
  double longest = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double side = distance(quad[i], quad[(i + 1) % 4]);
    longest = std::max(longest, side * side);
  }
  return longest;
}

bool sides_cross(Point a, Point b, Point c, Point d) {
  return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

}  // namespace

double distance(Point a, Point b) { return std::hypot(b.x - a.x, b.y - a.y); }

Quad quad_of(Rect rect) {
  const double left = rect.x;
  const double top = rect.y;
  const double right = left + rect.width;
  const double bottom = top + rect.height;
  return {{{{left, top}, {right, top}, {right, bottom}, {left, bottom}}}};
}

double signed_area(std::span<const Point> polygon) {
  if (polygon.size() < 3) return 0;
  double twice = 0;
  for (std::size_t i = 1; i + 1 < polygon.size(); ++i) twice += cross(polygon[0], polygon[i], polygon[i + 1]);
  return twice / 2;
}

double area(const Quad& quad) { return std::abs(signed_area(quad.corners)); }

bool is_convex(const Quad& quad) {
  if (!is_finite(quad)) return false;
  const double least = kFlatTurn * longest_side_squared(quad);
  for (std::size_t i = 0; i < 4; ++i)
    if (!(cross(quad[i], quad[(i + 1) % 4], quad[(i + 2) % 4]) > least)) return false;
  return true;
}

std::optional<Quad> order_corners(std::span<const Point, 4> points) {
  Quad quad{{points[0], points[1], points[2], points[3]}};
  if (!is_finite(quad)) return std::nullopt;
  Point centre;
  for (const Point p : points) centre = {centre.x + p.x / 4, centre.y + p.y / 4};
  std::sort(quad.corners.begin(), quad.corners.end(), [&](Point a, Point b) {
    return std::atan2(a.y - centre.y, a.x - centre.x) < std::atan2(b.y - centre.y, b.x - centre.x);
  });
  const auto first = std::min_element(quad.corners.begin(), quad.corners.end(), [](Point a, Point b) {
    return std::pair(a.x + a.y, a.y) < std::pair(b.x + b.y, b.y);
  });
  std::rotate(quad.corners.begin(), first, quad.corners.end());
  if (!is_convex(quad)) return std::nullopt;
  return quad;
}

void require_usable(const Quad& quad, Size size) {
  if (!is_finite(quad)) throw std::invalid_argument("A corner of the quad is not a finite number. Give four x,y pairs.");
  if (sides_cross(quad[0], quad[1], quad[2], quad[3]) || sides_cross(quad[1], quad[2], quad[3], quad[0]))
    throw std::invalid_argument("The sides of the quad cross. Give the corners clockwise from top left.");
  if (signed_area(quad.corners) < 0)
    throw std::invalid_argument("The corners of the quad run anticlockwise. Give them clockwise from top left.");
  if (!is_convex(quad))
    throw std::invalid_argument("The quad is not convex, or three of its corners lie on a line. Move its corners.");
  if (bounds(quad, size).empty())
    throw std::invalid_argument("The quad lies outside the scene of " + std::to_string(size.width) + " x " +
                                std::to_string(size.height) + " pixels. Move it inside.");
}

std::vector<Point> clip(std::span<const Point> polygon, std::span<const Point> window) {
  std::vector<Point> kept(polygon.begin(), polygon.end());
  std::vector<Point> next;
  for (std::size_t side = 0; side < window.size() && !kept.empty(); ++side) {
    const Point a = window[side];
    const Point b = window[(side + 1) % window.size()];
    next.clear();
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const Point p = kept[i];
      const Point q = kept[(i + 1) % kept.size()];
      const double at_p = cross(a, b, p);
      const double at_q = cross(a, b, q);
      if (at_p >= 0) next.push_back(p);
      if ((at_p < 0) != (at_q < 0)) {
        const double t = at_p / (at_p - at_q);
        next.push_back({p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
      }
    }
    kept.swap(next);
  }
  return kept;
}

double intersection_over_union(const Quad& a, const Quad& b) {
  const double shared = std::abs(signed_area(clip(a.corners, b.corners)));
  const double joint = area(a) + area(b) - shared;
  return joint > 0 ? std::clamp(shared / joint, 0.0, 1.0) : 0;
}

Rect bounds(const Quad& quad, Size size) {
  const auto [left, right] = std::minmax({quad[0].x, quad[1].x, quad[2].x, quad[3].x});
  const auto [top, bottom] = std::minmax({quad[0].y, quad[1].y, quad[2].y, quad[3].y});
  // Cut while still floating point: a far corner does not fit an int.
  const auto cut = [](double value, int most) { return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(most))); };
  const int x0 = cut(std::floor(left), size.width);
  const int y0 = cut(std::floor(top), size.height);
  const int x1 = cut(std::ceil(right), size.width);
  const int y1 = cut(std::ceil(bottom), size.height);
  return {x0, y0, x1 - x0, y1 - y0};
}

}  // namespace vitrine
