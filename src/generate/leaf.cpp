#include "generate/leaf.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

struct Width {
  double value;  // share of the half width
  double slope;  // its change from base to tip
};

Width width_at(LeafShape::Profile profile, double s) {
  switch (profile) {
    case LeafShape::Profile::pointed: {
      // Widest at 0.4, a fine point at the end.
      const double a = std::sqrt(s);
      const double value = 2.6 * a * (1 - s) * (1 - 0.25 * s);
      const double slope = 2.6 * ((1 - s) * (1 - 0.25 * s) / (2 * std::max(a, 0.05)) - a * (1.25 - 0.5 * s));
      return {value * 0.97, slope * 0.97};
    }
    case LeafShape::Profile::round: {
      const double q = std::max(4 * s * (1 - s), 0.0);
      return {std::sqrt(q), (4 - 8 * s) / (2 * std::sqrt(std::max(q, 0.02)))};
    }
    case LeafShape::Profile::strap: {
      const double q = 1 - std::pow(std::abs(2 * s - 0.8), 3) / 1.728;
      return {std::max(q, 0.0), 0};
    }
    case LeafShape::Profile::stem:
      return {1 - 0.6 * s, -0.6};
  }
  return {0, 0};
}

}  // namespace

LeafPoint leaf_point(const LeafShape& leaf, Point p) {
  const double ax = leaf.tip.x - leaf.base.x;
  const double ay = leaf.tip.y - leaf.base.y;
  const double size = std::max(std::hypot(ax, ay), 1e-9);
  const double s = ((p.x - leaf.base.x) * ax + (p.y - leaf.base.y) * ay) / (size * size);
  const double bow = 4 * leaf.bend * s * (1 - s) * size;
  const double bow_slope = 4 * leaf.bend * (1 - 2 * s);
  const double side = ((p.y - leaf.base.y) * ax - (p.x - leaf.base.x) * ay) / size - bow;
  const double clamped = std::clamp(s, 0.0, 1.0);
  const Width width = width_at(leaf.profile, clamped);
  const double half = leaf.half_width * width.value;
  const double slope = std::abs(leaf.half_width * width.slope / size) + std::abs(bow_slope);
  const double inside = (half - std::abs(side)) / std::sqrt(1 + slope * slope);
  const double beyond = std::max(-s, s - 1) * size;
  return {beyond > 0 ? std::min(inside, -beyond) : inside, clamped, half > 0 ? side / half : 0};
}

LeafBounds bounds(const LeafShape& leaf) {
  const double size = std::hypot(leaf.tip.x - leaf.base.x, leaf.tip.y - leaf.base.y);
  const double reach = leaf.half_width + std::abs(leaf.bend) * size;
  return {std::min(leaf.base.x, leaf.tip.x) - reach, std::min(leaf.base.y, leaf.tip.y) - reach,
          std::max(leaf.base.x, leaf.tip.x) + reach, std::max(leaf.base.y, leaf.tip.y) + reach};
}

}  // namespace vitrine
