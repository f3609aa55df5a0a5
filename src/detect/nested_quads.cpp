#include "detect/nested_quads.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>

#include "detect/side_profile.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostQuads = 70;  // bounds the quadratic comparison
constexpr std::size_t kStations = 16;   // on each side of a band
const double kLeastCosine = std::cos(7 * std::numbers::pi / 180);

// The band between a quad and one inside it.
struct Band {
  double fit = 0;    // how even and how uniform it is, in [0, 1]
  double width = 0;  // as a share of the outer quad's size
};

// How far the point lies on the inner side of `side`.
double depth(const Side& side, Point p) {
  return (p.x - side.begin.x) * side.inward.x + (p.y - side.begin.y) * side.inward.y;
}

using Sides = std::array<Side, 4>;

// The margins between the middles of inner sides and the outer sides; empty unless `inner` lies inside, side by side.
std::optional<std::array<double, 4>> margins(const Sides& inner, const Sides& outer, double tolerance) {
  std::array<double, 4> result{};
  for (std::size_t s = 0; s < 4; ++s) {
    const Point a = inner[s].inward;
    const Point b = outer[s].inward;
    if (std::abs(a.x * b.x + a.y * b.y) <= kLeastCosine) return std::nullopt;
    for (const Side& corner : inner)
      if (depth(outer[s], corner.begin) <= -tolerance) return std::nullopt;
    result[s] = std::max(0.3, depth(outer[s], inner[s].at(0.5, 0)));
  }
  return result;
}

template <std::size_t n>
float median_of(std::array<float, n> values) {
  const auto middle = values.begin() + n / 2;
  std::nth_element(values.begin(), middle, values.end());
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

// Near 1 where the colours half-way between the two quads are alike on each side.
double uniformity(const WorkingScene& scene, const Quad& inner, const Quad& outer) {
  Quad between;
  for (std::size_t i = 0; i < 4; ++i) between[i] = {(inner[i].x + outer[i].x) / 2, (inner[i].y + outer[i].y) / 2};
  double deviation = 0;
  for (std::size_t side = 0; side < 4; ++side) {
    std::array<std::array<float, kStations>, 3> channels{};
    for (std::size_t s = 0; s < kStations; ++s) {
      const double share = 0.08 + 0.84 * static_cast<double>(s) / (kStations - 1);
      const LabStep color = sample_lab(scene.lab, side_of(between, side).at(share, 0));
      for (std::size_t c = 0; c < 3; ++c) channels[c][s] = color[c];
    }
    std::array<float, kStations> apart{};
    for (const auto& channel : channels) {
      const float typical = median_of(channel);
      for (std::size_t s = 0; s < kStations; ++s) apart[s] += std::abs(channel[s] - typical);
    }
    deviation += median_of(apart) / 4;
  }
  return std::exp(-deviation / 4);
}

std::vector<std::size_t> best_first(const std::vector<double>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  if (order.size() > kMostQuads) order.resize(kMostQuads);
  return order;
}

class Nesting {
 public:
  Nesting(const WorkingScene& scene, const std::vector<Quad>& quads) : scene_(scene), quads_(quads) {
    sides_.resize(quads.size());
    for (std::size_t i = 0; i < quads.size(); ++i)
      for (std::size_t s = 0; s < 4; ++s) sides_[i][s] = side_of(quads[i], s);
  }

  std::optional<Band> band(std::size_t inner, std::size_t outer) const {
    const double inner_area = area(quads_[inner]);
    const double outer_area = area(quads_[outer]);
    if (inner_area >= 0.985 * outer_area || inner_area <= 0.15 * outer_area) return std::nullopt;
    const auto margin = margins(sides_[inner], sides_[outer], 0.003 * scene_.diagonal);
    if (!margin) return std::nullopt;
    const auto [least, most] = std::minmax_element(margin->begin(), margin->end());
    const double mean = std::accumulate(margin->begin(), margin->end(), 0.0) / 4;
    return Band{std::sqrt(*least / *most) * uniformity(scene_, quads_[inner], quads_[outer]),
                std::min(0.3, mean / std::sqrt(outer_area))};
  }

 private:
  const WorkingScene& scene_;
  const std::vector<Quad>& quads_;
  std::vector<Sides> sides_;
};

void raise(QuadFeatures& features, Feature trust, Feature fit, Feature width, const Band& band, double other_is_good) {
  const double value = band.fit * other_is_good;
  if (value <= features[trust]) return;
  features[trust] = value;
  features[fit] = band.fit;
  features[width] = band.width;
}

}  // namespace

std::vector<QuadFeatures> with_nesting_features(std::vector<QuadFeatures> features, const WorkingScene& scene,
                                                const std::vector<Quad>& quads, const std::vector<double>& scores,
                                                Context& context) {
  const std::vector<std::size_t> order = best_first(scores);
  if (order.size() < 2) return features;
  const double best = scores[order[0]];
  const auto goodness = [&](std::size_t i) { return 1 / (1 + std::exp(-(scores[i] - best + 2.5))); };
  const Nesting nesting(scene, quads);
  for (const std::size_t inner : order) {
    context.check();
    for (const std::size_t outer : order) {
      if (inner == outer) continue;
      const auto band = nesting.band(inner, outer);
      if (!band) continue;
      raise(features[inner], Feature::opening_trust, Feature::opening_fit, Feature::opening_width, *band,
            goodness(outer));
      raise(features[outer], Feature::framing_trust, Feature::framing_fit, Feature::framing_width, *band,
            goodness(inner));
    }
  }
  return features;
}

}  // namespace vitrine
