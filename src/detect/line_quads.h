#pragma once

#include <vector>

#include "detect/candidate.h"
#include "detect/line_segments.h"
#include "detect/working_scene.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Quads whose four sides lie on `lines`: two pairs of about opposite ones, well covered by edges, best first. Work
/// and result are bounded.
std::vector<Candidate> line_quads(const WorkingScene& scene, const std::vector<Line>& lines, Context& context);

}  // namespace vitrine
