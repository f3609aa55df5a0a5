#include "compose/coverage.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vitrine {
namespace {

// A pixel square cut by four half-planes has at most eight corners.
struct Cell {
  std::array<Point, 8> corners;
  std::size_t count = 0;
  void add(Point p) {
    if (count < corners.size()) corners[count++] = p;
  }
};

}  // namespace

Coverage::Coverage(const Quad& quad) {
  for (std::size_t i = 0; i < 4; ++i) {
    const Point p = quad[i];
    const Point q = quad[(i + 1) % 4];
    const double length = distance(p, q);
    const double a = -(q.y - p.y) / length;
    const double b = (q.x - p.x) / length;
    sides_[i] = {a, b, -(a * p.x + b * p.y)};
  }
}

float Coverage::at(int x, int y) const {
  const double cx = x + 0.5;
  const double cy = y + 0.5;
  Cell cell;
  bool cut = false;
  for (const Side& side : sides_) {
    const double reach = (std::abs(side.a) + std::abs(side.b)) / 2;
    const double inside = side.at(cx, cy);
    if (inside <= -reach) return 0;
    if (inside >= reach) continue;
    if (!cut) {
      cut = true;
      const double left = x;
      const double top = y;
      cell = {{{{left, top}, {left + 1, top}, {left + 1, top + 1}, {left, top + 1}}}, 4};
    }
    Cell kept;
    for (std::size_t i = 0; i < cell.count; ++i) {
      const Point p = cell.corners[i];
      const Point q = cell.corners[(i + 1) % cell.count];
      const double at_p = side.at(p.x, p.y);
      const double at_q = side.at(q.x, q.y);
      if (at_p >= 0) kept.add(p);
      if ((at_p < 0) != (at_q < 0)) {
        const double t = at_p / (at_p - at_q);
        kept.add({p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)});
      }
    }
    cell = kept;
  }
  if (!cut) return 1;
  return static_cast<float>(std::clamp(signed_area({cell.corners.data(), cell.count}), 0.0, 1.0));
}

// The pixels of a row whose centres lie so far inside every side: `least` times the reach of a pixel towards that side.
Coverage::Run Coverage::cut(Run run, double least, int y) const {
  if (all_inside(run.begin, y, run.end, y + 1)) return run;
  double first = run.begin;
  double last = run.end;
  for (const Side& side : sides_) {
    const double reach = (std::abs(side.a) + std::abs(side.b)) / 2;
    const double rest = side.at(0.5, y + 0.5) - least * reach;  // at x = 0; it grows by side.a for each pixel
    if (side.a > 0) first = std::max(first, std::ceil(-rest / side.a));
    if (side.a < 0) last = std::min(last, std::floor(rest / -side.a) + 1);
    if (side.a == 0 && rest < 0) return {run.end, run.end};
  }
  if (!(first < last)) return {run.end, run.end};
  return {static_cast<int>(first), static_cast<int>(last)};
}

Coverage::Run Coverage::touched_pixels(int y, int begin, int end) const {
  // Rounding must not lose one that is touched.
  return cut({begin, end}, -1 - 1e-6, y);
}

Coverage::Run Coverage::whole_pixels(int y, int begin, int end) const {
  return cut({begin, end}, 1 + 1e-6, y);
}

bool Coverage::all_inside(int x0, int y0, int x1, int y1) const {
  return std::all_of(sides_.begin(), sides_.end(), [&](const Side& side) {
    return side.at(side.a > 0 ? x0 : x1, side.b > 0 ? y0 : y1) >= 0;
  });
}

bool Coverage::all_outside(int x0, int y0, int x1, int y1) const {
  return std::any_of(sides_.begin(), sides_.end(), [&](const Side& side) {
    return side.at(side.a > 0 ? x1 : x0, side.b > 0 ? y1 : y0) <= 0;
  });
}

}  // namespace vitrine
