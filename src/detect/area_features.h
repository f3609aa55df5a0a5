#pragma once

#include "detect/quad_features.h"

namespace vitrine {

/// `features` with what is measured inside `quad`, on a ring around it, and of its shape and place.
QuadFeatures with_area_features(QuadFeatures features, const WorkingScene& scene, const Quad& quad);

}  // namespace vitrine
