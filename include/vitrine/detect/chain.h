#pragma once

#include <memory>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

/// Asks each detector in turn and returns the first answer that has regions; if all abstain, says what each said.
/// A detector whose model is missing counts as abstaining, unless all are missing: then throws model_unavailable.
/// Throws std::invalid_argument for an empty list or a null detector.
VITRINE_EXPORT std::unique_ptr<Detector> make_chain_detector(std::vector<std::shared_ptr<const Detector>> detectors);

}  // namespace vitrine
