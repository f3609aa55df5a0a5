#pragma once

#include <vector>

#include "vitrine/compose/compositor.h"

namespace vitrine {

/// What every compositor asks of its input, in the same words. Each throws std::invalid_argument with a sentence that
/// says what is wrong.
void require_scene(const Image& scene);
void require_placement(const Placement& placement, const Template& room);

/// The part of require_placement() that does not need a template.
void require_look(const Look& look, Fit fit);

}  // namespace vitrine
