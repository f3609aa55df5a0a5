#pragma once

#include <limits>
#include <string>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

/// Which of a detector's answers to use. Plain data; apply() does the work.
struct RegionPolicy {
  double min_confidence = 0.5;  ///< In [0, 1].
  double min_area = 0.002;      ///< Share of the scene, in [0, 1]: smaller regions are left out.
  double max_area = 1.0;        ///< Share of the scene, in [0, 1].
  double margin = 0;            ///< Least distance of every corner from the scene's border, as a share of its shorter side.
  std::vector<std::string> labels{};  ///< Only these labels; empty for all.
  int max_regions = std::numeric_limits<int>::max();  ///< Most regions that are no alternatives.
};

/// The regions that the policy accepts, in the order they came. If it accepts none, `abstention` is `filtered` and
/// `reason` names the rule that the best region broke. Throws std::invalid_argument for shares out of range.
VITRINE_EXPORT Detection apply(const RegionPolicy& policy, Detection detection, Size scene_size);

}  // namespace vitrine
