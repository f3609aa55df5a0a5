#pragma once

#include <vector>

#include "detect/candidate.h"
#include "detect/working_scene.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Every quad that may be a surface, each once, its sides on the edges near them. Their number is bounded.
std::vector<Candidate> surface_candidates(const WorkingScene& scene, Context& context);

}  // namespace vitrine
