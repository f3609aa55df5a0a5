#include "generate/path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kCircleParts = 120;

Point catmull_rom(Point a, Point b, Point c, Point d, double t) {
  const auto axis = [t](double p, double q, double r, double s) {
    return 0.5 * (2 * q + t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p))));
  };
  return {axis(a.x, b.x, c.x, d.x), axis(a.y, b.y, c.y, d.y)};
}

// All parts of a stroke must turn the same way, or they would cancel where they overlap.
Polyline clockwise(Polyline outline) {
  if (signed_area(outline) < 0) std::reverse(outline.begin(), outline.end());
  return outline;
}

double heading(Point from, Point to) { return std::atan2(to.y - from.y, to.x - from.x); }

struct PenPoint {
  Point place;
  double half;  // of the pen's width there
};

// Half a circle from `angle` on, clockwise on the page.
void add_cap(Polyline& outline, PenPoint end, double angle) {
  constexpr int kParts = 10;
  for (int i = 0; i <= kParts; ++i) outline.push_back(offset(end.place, angle + kPi * i / kParts, end.half));
}

// The outline of a bend without sharp corners: along one side, around the end, back, around the start.
Polyline pen_outline(std::span<const PenPoint> run) {
  Polyline outline;
  const std::size_t last = run.size() - 1;
  const auto side = [&](std::size_t i, double turn) {
    const Point a = run[i > 0 ? i - 1 : i].place;
    const Point b = run[i < last ? i + 1 : i].place;
    outline.push_back(offset(run[i].place, heading(a, b) + turn, run[i].half));
  };
  for (std::size_t i = 0; i < last; ++i) side(i, -kPi / 2);
  add_cap(outline, run[last], (last > 0 ? heading(run[last - 1].place, run[last].place) : 0) - kPi / 2);
  for (std::size_t i = last; i-- > 0;) side(i, kPi / 2);
  add_cap(outline, run[0], (last > 0 ? heading(run[0].place, run[1].place) : kPi) + kPi / 2);
  return clockwise(std::move(outline));
}

bool sharp(Point a, Point b, Point c) {
  const double turn = std::remainder(heading(b, c) - heading(a, b), 2 * kPi);
  return std::abs(turn) > 0.6;
}

}  // namespace

Point along(Point a, Point b, double share) { return {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share}; }

Point offset(Point p, double angle, double way) { return {p.x + std::cos(angle) * way, p.y + std::sin(angle) * way}; }

Polyline arc(Point middle, double radius, double from, double to) {
  const int parts = std::max(2, static_cast<int>(std::ceil(std::abs(to - from) / (2 * kPi) * kCircleParts)));
  Polyline line;
  for (int i = 0; i <= parts; ++i) line.push_back(offset(middle, from + (to - from) * i / parts, radius));
  return line;
}

Polyline circle(Point middle, double radius) { return arc(middle, radius, 0, 2 * kPi); }

Polyline ellipse(Point middle, double radius_x, double radius_y, double turn) {
  Polyline line;
  for (int i = 0; i < kCircleParts; ++i) {
    const double angle = 2 * kPi * i / kCircleParts;
    const double x = radius_x * std::cos(angle);
    const double y = radius_y * std::sin(angle);
    line.push_back(
        {middle.x + x * std::cos(turn) - y * std::sin(turn), middle.y + x * std::sin(turn) + y * std::cos(turn)});
  }
  return line;
}

Polyline rectangle(Point corner, double width, double height) {
  return {corner, {corner.x + width, corner.y}, {corner.x + width, corner.y + height}, {corner.x, corner.y + height}};
}

Polyline sector(Point middle, double radius, double from, double to) {
  Polyline line = arc(middle, radius, from, to);
  line.push_back(middle);
  return line;
}

Polyline ring(Point middle, double radius, double width, double from, double to) {
  Polyline line = arc(middle, radius, from, to);
  const Polyline inner = arc(middle, radius - width, to, from);
  line.insert(line.end(), inner.begin(), inner.end());
  return line;
}

Polyline arch(Point foot_middle, double width, double height) {
  const double radius = width / 2;
  Polyline line = arc({foot_middle.x, foot_middle.y - height + radius}, radius, kPi, 2 * kPi);
  line.push_back({foot_middle.x + radius, foot_middle.y});
  line.push_back({foot_middle.x - radius, foot_middle.y});
  return line;
}

Polyline smooth(std::span<const Point> points) {
  constexpr int kParts = 20;
  const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(points.size());
  const auto at = [&](std::ptrdiff_t i) {
    return points[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, count - 1))];
  };
  Polyline line;
  for (std::ptrdiff_t i = 0; i + 1 < count; ++i)
    for (int k = 0; k < kParts; ++k)
      line.push_back(catmull_rom(at(i - 1), at(i), at(i + 1), at(i + 2), static_cast<double>(k) / kParts));
  line.push_back(at(count - 1));
  return line;
}

Polyline smooth_closed(std::span<const Point> points) {
  constexpr int kParts = 20;
  const std::size_t count = points.size();
  Polyline line;
  for (std::size_t i = 0; i < count; ++i)
    for (int k = 0; k < kParts; ++k)
      line.push_back(catmull_rom(points[(i + count - 1) % count], points[i], points[(i + 1) % count],
                                 points[(i + 2) % count], static_cast<double>(k) / kParts));
  return line;
}

Polyline blob(Random& random, Point middle, double radius, double waver) {
  const int count = 6 + random.index(3);
  const double start = random.between(0, 2 * kPi);
  Polyline points;
  for (int i = 0; i < count; ++i)
    points.push_back(offset(middle, start + 2 * kPi * i / count, radius * random.between(1 - waver, 1 + waver)));
  return smooth_closed(points);
}

Polyline leaf_outline(Point base, Point tip, double half_width, double bend) {
  constexpr int kParts = 28;
  const double size = distance(base, tip);
  const double angle = std::atan2(tip.y - base.y, tip.x - base.x);
  Polyline line;
  for (int side = 0; side < 2; ++side)
    for (int i = 0; i < kParts; ++i) {
      const double s = side == 0 ? static_cast<double>(i) / kParts : 1 - static_cast<double>(i) / kParts;
      const double width = half_width * 2.52 * std::sqrt(s) * (1 - s) * (1 - 0.25 * s);
      const double off = 4 * bend * s * (1 - s) * size + (side == 0 ? width : -width);
      line.push_back(offset(offset(base, angle, s * size), angle + kPi / 2, off));
    }
  return line;
}

Path stroke(const Polyline& way, double width, double end_width) {
  std::vector<PenPoint> pen;
  double total = 0;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const double step = i > 0 ? distance(way[i - 1], way[i]) : 1;
    if (step <= 1e-9) continue;
    if (i > 0) total += step;
    pen.push_back({way[i], total});
  }
  for (PenPoint& point : pen) point.half = 0.5 * (width + (end_width - width) * (total > 0 ? point.half / total : 0));
  Path path;
  // Cut at sharp corners: round ends that overlap make a round joint.
  std::size_t start = 0;
  for (std::size_t i = 1; i < pen.size(); ++i) {
    if (i + 1 < pen.size() && !sharp(pen[i - 1].place, pen[i].place, pen[i + 1].place)) continue;
    path.push_back(pen_outline(std::span(pen).subspan(start, i - start + 1)));
    start = i;
  }
  if (pen.size() == 1) path.push_back(pen_outline(pen));
  return path;
}

}  // namespace vitrine
