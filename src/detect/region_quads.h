#pragma once

#include <vector>

#include "detect/candidate.h"
#include "detect/working_scene.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Quads around areas that stand out as a whole: closed in by edges, lighter, darker or of another colour than what
/// is around them, or of one colour. Work is bounded whatever the scene.
std::vector<Candidate> region_quads(const WorkingScene& scene, Context& context);

}  // namespace vitrine
