#pragma once

#include <vector>

#include "detect/candidate.h"
#include "detect/quad_features.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// A candidate with what was measured of it and how it ranks.
struct RatedQuad {
  Candidate candidate;
  QuadFeatures features;
  double score = 0;
  bool sure_placeholder = false;  ///< A hole or flat cut-out that needs no vote; ranks before all others.
};

/// Rates refined candidates; best first.
std::vector<RatedQuad> rate(const WorkingScene& scene, const std::vector<Candidate>& candidates, Context& context);

/// The best of `rated` that overlap each other by less than `most_overlap` (intersection over union), as indices.
std::vector<std::size_t> distinct(const std::vector<RatedQuad>& rated, std::size_t max_count, double most_overlap);

/// What the confidence in `rated[i]` is made of, where those in `other_surfaces` are no competitors to it.
std::array<double, 9> confidence_inputs(const std::vector<RatedQuad>& rated, std::size_t i,
                                        const std::vector<std::size_t>& other_surfaces);

/// The share of such answers that are right, in [0, 1].
double confidence(const std::vector<RatedQuad>& rated, std::size_t i, const std::vector<std::size_t>& other_surfaces);

}  // namespace vitrine
