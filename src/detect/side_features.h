#pragma once

#include "detect/quad_features.h"

namespace vitrine {

/// `features` with what is measured across the sides of `quad` and past its corners.
QuadFeatures with_side_features(QuadFeatures features, const WorkingScene& scene, const Quad& quad);

}  // namespace vitrine
