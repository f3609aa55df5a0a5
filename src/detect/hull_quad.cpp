#include "detect/hull_quad.h"

#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace vitrine {
namespace {

constexpr std::size_t kMostEdges = 40;  // bounds the quadratic reduction below

std::vector<Point> simple_hull(const std::vector<cv::Point2f>& points) {
  std::vector<cv::Point2f> hull, fewer;
  cv::convexHull(points, hull);
  double tolerance = 0.002 * cv::arcLength(hull, true);
  if (tolerance <= 0) return {};
  do {
    cv::approxPolyDP(hull, fewer, tolerance, true);
    tolerance *= 1.5;
  } while (fewer.size() > kMostEdges);
  std::vector<Point> polygon;
  for (const cv::Point2f& p : fewer) polygon.push_back({p.x, p.y});
  return polygon;
}

struct Removal {
  std::size_t edge = 0;
  Point meeting;
  double added_area = std::numeric_limits<double>::infinity();
};

double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }

// What happens when the edge from corner i to the next one goes.
Removal remove_edge(const std::vector<Point>& p, std::size_t i) {
  const std::size_t n = p.size();
  const Point before = p[(i + n - 1) % n];
  const Point from = p[i];
  const Point to = p[(i + 1) % n];
  const Point after = p[(i + 2) % n];
  const Point d1 = from - before;
  const Point d2 = to - after;
  const double turn = cross(d1, d2);
  if (std::abs(turn) < 1e-6) return {};
  const double s = cross(to - from, d2) / turn;
  const double t = cross(to - from, d1) / turn;
  if (s < 0 || t < 0) return {};
  const Point meeting{from.x + s * d1.x, from.y + s * d1.y};
  return {i, meeting, std::abs(cross(from - meeting, to - meeting)) / 2};
}

}  // namespace

std::optional<Quad> hull_quad(const std::vector<cv::Point2f>& points) {
  if (points.size() < 4) return std::nullopt;
  std::vector<Point> polygon = simple_hull(points);
  if (polygon.size() < 4) return std::nullopt;
  while (polygon.size() > 4) {
    Removal best;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
      const Removal removal = remove_edge(polygon, i);
      if (removal.added_area < best.added_area) best = removal;
    }
    if (std::isinf(best.added_area)) return std::nullopt;
    polygon[best.edge] = best.meeting;
    polygon.erase(polygon.begin() + static_cast<std::ptrdiff_t>((best.edge + 1) % polygon.size()));
  }
  return order_corners(std::span<const Point, 4>(polygon.data(), 4));
}

}  // namespace vitrine
