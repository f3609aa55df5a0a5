#pragma once

#include <vector>

#include "detect/quad_features.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// `features` of `quads` with what tells openings and frames: an opening lies evenly inside a good candidate, with a
/// band of one colour between them, and a frame evenly around one. `scores` say how good each is without that.
std::vector<QuadFeatures> with_nesting_features(std::vector<QuadFeatures> features, const WorkingScene& scene,
                                                const std::vector<Quad>& quads, const std::vector<double>& scores,
                                                Context& context);

}  // namespace vitrine
