#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "vitrine/base/export.h"

namespace vitrine {

// Pixel coordinates: (0, 0) is the top-left corner of the top-left pixel, whose centre is (0.5, 0.5). x right, y down.

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// Width and height in whole pixels.
struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

/// Whole pixels from (x, y) on; empty when a side is not positive.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
  bool empty() const { return width <= 0 || height <= 0; }
};

/// Four corners, clockwise from top left, as the artwork's corners are.
struct Quad {
  std::array<Point, 4> corners;
  const Point& operator[](std::size_t i) const { return corners[i]; }
  Point& operator[](std::size_t i) { return corners[i]; }
  friend bool operator==(const Quad&, const Quad&) = default;
};

VITRINE_EXPORT double distance(Point a, Point b);
VITRINE_EXPORT Quad quad_of(Rect rect);

/// Area of a polygon with corners in order, positive if they run clockwise (y points down).
VITRINE_EXPORT double signed_area(std::span<const Point> polygon);
VITRINE_EXPORT double area(const Quad& quad);  ///< Absolute.

/// True if all corners are finite and every turn is a clear right turn: strictly convex, clockwise.
VITRINE_EXPORT bool is_convex(const Quad& quad);

/// The same four points clockwise, starting with the one of least x + y (ties: least y). Does not depend on the order
/// they come in. Empty if the points are not in convex position, or not finite.
VITRINE_EXPORT std::optional<Quad> order_corners(std::span<const Point, 4> points);

/// Throws std::invalid_argument with a sentence that says what is wrong (a corner not finite, sides that cross, corners
/// on one line, nothing inside a scene of `size`); returns otherwise.
VITRINE_EXPORT void require_usable(const Quad& quad, Size size);

/// The part of convex `polygon` inside convex clockwise `window` (Sutherland & Hodgman, CACM 17(1), 1974).
VITRINE_EXPORT std::vector<Point> clip(std::span<const Point> polygon, std::span<const Point> window);

/// Shared area over joint area of two convex quads, in [0, 1].
VITRINE_EXPORT double intersection_over_union(const Quad& a, const Quad& b);

/// The least whole-pixel rectangle that holds the quad, cut to `size`; empty if it lies outside.
VITRINE_EXPORT Rect bounds(const Quad& quad, Size size);

}  // namespace vitrine
