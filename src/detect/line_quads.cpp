#include "detect/line_quads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

namespace vitrine {
namespace {

constexpr std::size_t kMostPairs = 900;  // bounds the quadratic combination of pairs
constexpr std::size_t kMostQuads = 100;
constexpr double kLeastLength = 0.035;                              // of the diagonal
constexpr double kLeastSeparation = 0.04;                           // of the diagonal, between opposite sides
constexpr double kLeastCrossing = 0.42;                             // sine of the angle between the two pairs
constexpr double kMostBeyond = 0.03;                                // of the diagonal, outside the scene
const double kLeastCosine = std::cos(32 * std::numbers::pi / 180);  // between opposite sides

struct Ray {
  Point from;
  Point direction;  // of length 1
  double length = 0;
  double covered = 0;
};

double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
double cross(Point a, Point b) { return a.x * b.y - a.y * b.x; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point at(const Ray& ray, double t) { return {ray.from.x + t * ray.direction.x, ray.from.y + t * ray.direction.y}; }

std::vector<Ray> rays_of(const std::vector<Line>& lines, double least_length) {
  std::vector<Ray> rays;
  for (const Line& line : lines) {
    const double length = distance(line.from, line.to);
    if (length <= least_length) continue;
    const Point direction{(line.to.x - line.from.x) / length, (line.to.y - line.from.y) / length};
    rays.push_back({line.from, direction, length, line.covered});
  }
  return rays;
}

struct OppositePair {
  std::size_t first = 0, second = 0;
  Point direction;  // the mean of both
  double rank = 0;
};

// Two rays that can be opposite sides: about parallel, apart, and beside each other.
std::optional<OppositePair> opposite(const std::vector<Ray>& rays, std::size_t i, std::size_t j,
                                     double least_separation) {
  const Ray& a = rays[i];
  const Ray& b = rays[j];
  const double cosine = dot(a.direction, b.direction);
  if (std::abs(cosine) <= kLeastCosine) return std::nullopt;
  const double sign = cosine < 0 ? -1 : 1;
  Point mean{a.direction.x + sign * b.direction.x, a.direction.y + sign * b.direction.y};
  const double norm = std::hypot(mean.x, mean.y);
  mean = {mean.x / norm, mean.y / norm};
  const Point apart = at(b, b.length / 2) - at(a, a.length / 2);
  if (std::abs(cross(mean, apart)) <= least_separation) return std::nullopt;
  const auto [a0, a1] = std::minmax({dot(a.from, mean), dot(at(a, a.length), mean)});
  const auto [b0, b1] = std::minmax({dot(b.from, mean), dot(at(b, b.length), mean)});
  const double overlap = std::min(a1, b1) - std::max(a0, b0);
  const double span = std::max(a1, b1) - std::min(a0, b0);
  if (overlap <= 0.3 * std::min(a1 - a0, b1 - b0) || overlap <= 0.12 * span) return std::nullopt;
  return OppositePair{i, j, mean, a.covered + b.covered + 2 * std::min(a.covered, b.covered)};
}

std::vector<OppositePair> best_pairs(const std::vector<Ray>& rays, double diagonal) {
  std::vector<OppositePair> pairs;
  for (std::size_t i = 0; i < rays.size(); ++i)
    for (std::size_t j = i + 1; j < rays.size(); ++j)
      if (const auto pair = opposite(rays, i, j, kLeastSeparation * diagonal)) pairs.push_back(*pair);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const OppositePair& a, const OppositePair& b) { return a.rank > b.rank; });
  if (pairs.size() > kMostPairs) pairs.resize(kMostPairs);
  return pairs;
}

struct ScoredQuad {
  std::array<Point, 4> corners;  // corner k lies between sides k - 1 and k
  double score = 0;
};

// How well a side from `a` to `b` is covered by the ray that it lies on, and how far the ray runs past it.
struct SideCover {
  double covered = 0;
  double beyond = 0;
};

SideCover cover(const Ray& ray, Point a, Point b) {
  const auto [low, high] = std::minmax({dot(a - ray.from, ray.direction), dot(b - ray.from, ray.direction)});
  const double length = high - low + 1e-6;
  const double shared = std::max(0.0, std::min(high, ray.length) - std::max(low, 0.0));
  const double beyond = std::max(low, 0.0) + std::max(ray.length - high, 0.0);
  return {shared / length * std::min(1.0, ray.covered / ray.length), std::min(1.0, beyond / length)};
}

class QuadBuilder {
 public:
  QuadBuilder(const WorkingScene& scene, const std::vector<Ray>& rays) : scene_(scene), rays_(rays) {
    beyond_ = kMostBeyond * scene.diagonal;
  }

  std::optional<ScoredQuad> build(const OppositePair& a, const OppositePair& b) const {
    const std::array<const Ray*, 4> sides{&rays_[a.first], &rays_[b.first], &rays_[a.second], &rays_[b.second]};
    ScoredQuad quad;
    for (std::size_t k = 0; k < 4; ++k) {
      const Ray& before = *sides[(k + 3) % 4];
      const double turn = cross(before.direction, sides[k]->direction);
      if (std::abs(turn) < 1e-9) return std::nullopt;
      quad.corners[k] = at(before, cross(sides[k]->from - before.from, sides[k]->direction) / turn);
      if (!near_scene(quad.corners[k])) return std::nullopt;
    }
    const double share = std::abs(signed_area(quad.corners)) / scene_.pixels;
    if (share <= 0.006 || share >= 0.95) return std::nullopt;
    return scored(quad, sides, share);
  }

 private:
  bool near_scene(Point p) const {
    return p.x > -beyond_ && p.y > -beyond_ && p.x < scene_.size.width + beyond_ && p.y < scene_.size.height + beyond_;
  }

  static std::optional<ScoredQuad> scored(ScoredQuad quad, const std::array<const Ray*, 4>& sides, double share) {
    std::array<double, 4> covered{};
    double beyond = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const SideCover side = cover(*sides[k], quad.corners[k], quad.corners[(k + 1) % 4]);
      covered[k] = side.covered;
      beyond += side.beyond;
    }
    std::sort(covered.begin(), covered.end());
    if (covered[0] <= 0 || covered[1] <= 0.35) return std::nullopt;
    const double mean = (covered[0] + covered[1] + covered[2] + covered[3]) / 4;
    quad.score = mean + 0.8 * covered[0] + 0.5 * covered[1] - 0.35 * beyond + 0.25 * std::sqrt(share);
    return quad;
  }

  const WorkingScene& scene_;
  const std::vector<Ray>& rays_;
  double beyond_;
};

bool near_any(const std::vector<Candidate>& kept, const Quad& quad, double tolerance) {
  return std::any_of(kept.begin(), kept.end(), [&](const Candidate& candidate) {
    for (std::size_t i = 0; i < 4; ++i)
      if (std::abs(candidate.quad[i].x - quad[i].x) >= tolerance ||
          std::abs(candidate.quad[i].y - quad[i].y) >= tolerance)
        return false;
    return true;
  });
}

std::vector<Candidate> best_distinct(std::vector<ScoredQuad> quads, double tolerance) {
  const std::size_t looked_at = std::min(quads.size(), 4 * kMostQuads);
  std::partial_sort(quads.begin(), quads.begin() + static_cast<std::ptrdiff_t>(looked_at), quads.end(),
                    [](const ScoredQuad& a, const ScoredQuad& b) { return a.score > b.score; });
  std::vector<Candidate> kept;
  for (std::size_t i = 0; i < looked_at && kept.size() < kMostQuads; ++i) {
    const auto quad = order_corners(quads[i].corners);
    if (quad && !near_any(kept, *quad, tolerance)) kept.push_back({*quad, Placeholder::none, 0});
  }
  return kept;
}

}  // namespace

std::vector<Candidate> line_quads(const WorkingScene& scene, const std::vector<Line>& lines, Context& context) {
  const std::vector<Ray> rays = rays_of(lines, kLeastLength * scene.diagonal);
  const std::vector<OppositePair> pairs = best_pairs(rays, scene.diagonal);
  const QuadBuilder builder(scene, rays);
  std::vector<ScoredQuad> quads;
  for (std::size_t a = 0; a < pairs.size(); ++a) {
    if (a % 16 == 0) context.check();
    for (std::size_t b = a + 1; b < pairs.size(); ++b) {
      if (std::abs(cross(pairs[a].direction, pairs[b].direction)) <= kLeastCrossing) continue;
      if (const auto quad = builder.build(pairs[a], pairs[b])) quads.push_back(*quad);
    }
  }
  return best_distinct(std::move(quads), 0.008 * scene.diagonal);
}

}  // namespace vitrine
