#pragma once

#include <memory>

#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

struct SurfaceOptions {
  /// In [0, 1]. Below it the detector abstains. Raise it where a wrong place costs more than a person's look.
  double min_confidence = 0.5;

  /// Most regions returned, runners-up included.
  int max_regions = 10;

  /// Detection works on the scene reduced to this many pixels on its long side. Raise it for small frames in large
  /// scenes; time grows with its square. Corners are refined on a finer scale.
  int working_side = 1024;
};

/// Finds transparent holes, key-coloured and blank cut-outs, and frames, sheets and screens by their edges. Needs no
/// model file. Same scene, same options, same answer. Throws std::invalid_argument for options out of range.
VITRINE_EXPORT std::unique_ptr<Detector> make_surface_detector(const SurfaceOptions& options = {});

}  // namespace vitrine
