#include "detect/quad_ranker.h"

#include <algorithm>
#include <cmath>

#include "detect/area_features.h"
#include "detect/nested_quads.h"
#include "detect/quad_model.h"
#include "detect/side_features.h"

namespace vitrine {
namespace {

constexpr double kMostGap = 6;            // score differences beyond it mean no more
constexpr double kSureConfidence = 0.97;  // measured on enclosed holes and flat cut-outs

template <std::size_t n>
double weighted(const std::array<FeatureWeight, n>& weights, const QuadFeatures& features) {
  double sum = 0;
  for (const FeatureWeight& w : weights) sum += w.weight * features[w.feature];
  return sum;
}

// Transparent pixels along the border of the scene, as a share: a product cut out on a transparent ground.
double transparent_border(const cv::Mat& alpha) {
  if (alpha.empty()) return 0;
  const auto transparent = [](const cv::Mat& line) { return cv::countNonZero(line < 128); };
  const int count = transparent(alpha.row(0)) + transparent(alpha.row(alpha.rows - 1)) + transparent(alpha.col(0)) +
                    transparent(alpha.col(alpha.cols - 1));
  return static_cast<double>(count) / (2.0 * (alpha.rows + alpha.cols));
}

bool is_sure_hole(const Candidate& candidate, const QuadFeatures& features, double transparent_border) {
  if (candidate.placeholder != Placeholder::hole) return false;
  // On a product cut out on a transparent ground a small hole is a handle or a stand.
  if (transparent_border >= 0.1 && features[Feature::size] <= 0.3) return false;
  if (candidate.fill >= 0.85 && features[Feature::inside_transparent] >= 0.95) return true;
  // Something may stand before it, but not so that its four sides cannot be told: a round hole has none.
  return features[Feature::inside_transparent] >= 0.7 && features[Feature::support_min] >= 0.5 &&
         features[Feature::support_mean] >= 0.75;
}

bool is_sure_cut_out(const Candidate& candidate, const QuadFeatures& features) {
  return candidate.placeholder == Placeholder::blank && candidate.fill >= 0.93 &&
         features[Feature::inside_flat] >= 0.97 && features[Feature::size] > 0.09 &&
         features[Feature::near_border] <= 0 && features[Feature::ring_transparent] < 0.3;
}

std::vector<QuadFeatures> measure(const WorkingScene& scene, const std::vector<Candidate>& candidates,
                                  Context& context) {
  std::vector<QuadFeatures> features;
  features.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    context.check();
    features.push_back(with_area_features(with_side_features({}, scene, candidate.quad), scene, candidate.quad));
  }
  std::vector<Quad> quads;
  std::vector<double> scores;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    quads.push_back(candidates[i].quad);
    scores.push_back(weighted(kFirstPass, features[i]));
  }
  return with_nesting_features(std::move(features), scene, quads, scores, context);
}

bool holds(const std::vector<std::size_t>& list, std::size_t i) {
  return std::find(list.begin(), list.end(), i) != list.end();
}

}  // namespace

std::vector<RatedQuad> rate(const WorkingScene& scene, const std::vector<Candidate>& candidates, Context& context) {
  const std::vector<QuadFeatures> features = measure(scene, candidates, context);
  const double border = transparent_border(scene.alpha);
  std::vector<RatedQuad> rated;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    RatedQuad quad{candidates[i], features[i], weighted(kSecondPass, features[i])};
    quad.sure_placeholder =
        is_sure_hole(candidates[i], features[i], border) || is_sure_cut_out(candidates[i], features[i]);
    // Where nothing is to be seen there is a hole for an artwork, or the ground of a product: never a surface.
    if (quad.sure_placeholder || features[i][Feature::inside_transparent] <= 0.5) rated.push_back(quad);
  }
  std::stable_sort(rated.begin(), rated.end(), [](const RatedQuad& a, const RatedQuad& b) {
    if (a.sure_placeholder != b.sure_placeholder) return a.sure_placeholder;
    if (a.sure_placeholder) return a.features[Feature::size] > b.features[Feature::size];
    return a.score > b.score;
  });
  return rated;
}

std::vector<std::size_t> distinct(const std::vector<RatedQuad>& rated, std::size_t max_count, double most_overlap) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rated.size() && kept.size() < max_count; ++i) {
    const bool is_new = std::none_of(kept.begin(), kept.end(), [&](std::size_t k) {
      return intersection_over_union(rated[i].candidate.quad, rated[k].candidate.quad) >= most_overlap;
    });
    if (is_new) kept.push_back(i);
  }
  return kept;
}

std::array<double, 9> confidence_inputs(const std::vector<RatedQuad>& rated, std::size_t i,
                                        const std::vector<std::size_t>& other_surfaces) {
  const RatedQuad& quad = rated[i];
  double to_next = kMostGap;    // the next at another place
  double to_nested = kMostGap;  // the next about the same place
  for (std::size_t j = 0; j < rated.size(); ++j) {
    if (j == i || holds(other_surfaces, j)) continue;
    const double overlap = intersection_over_union(quad.candidate.quad, rated[j].candidate.quad);
    const double gap = quad.score - rated[j].score;
    if (overlap < 0.5) to_next = std::min(to_next, gap);
    if (overlap >= 0.35 && overlap < 0.9) to_nested = std::min(to_nested, gap);
  }
  const QuadFeatures& f = quad.features;
  return {quad.score,
          to_next,
          to_nested,
          f[Feature::support_min],
          f[Feature::support_mean],
          f[Feature::certainty_mean],
          f[Feature::beyond_mean],
          f[Feature::sharpness_min],
          f[Feature::sharpness_mean]};
}

double confidence(const std::vector<RatedQuad>& rated, std::size_t i, const std::vector<std::size_t>& other_surfaces) {
  if (rated[i].sure_placeholder) return kSureConfidence;
  const std::array<double, 9> inputs = confidence_inputs(rated, i, other_surfaces);
  double sum = kConfidence.back();
  for (std::size_t k = 0; k < inputs.size(); ++k) sum += kConfidence[k] * inputs[k];
  return 1 / (1 + std::exp(-sum));
}

}  // namespace vitrine
