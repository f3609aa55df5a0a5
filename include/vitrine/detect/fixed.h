#pragma once

#include <memory>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

/// Answers every scene with the given quads, in order, confidence 1, Shows::given; a quad that lies outside a scene is
/// left out there. Throws std::invalid_argument if a quad is not convex and clockwise.
VITRINE_EXPORT std::unique_ptr<Detector> make_fixed_detector(std::vector<Quad> quads);

}  // namespace vitrine
