#pragma once

#include <vector>

#include "detect/candidate.h"
#include "detect/working_scene.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Quads around what was left open for an artwork: enclosed transparent holes, areas of one hue, near-white areas.
std::vector<Candidate> placeholder_quads(const WorkingScene& scene, Context& context);

}  // namespace vitrine
