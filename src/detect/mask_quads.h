#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// A quad and how much of it the area that it stands for fills, about in [0, 1].
struct FilledQuad {
  Quad quad;
  double fill = 0;
};

enum class AtBorder { allowed, left_out };

/// Which connected areas of a mask are worth a quad.
struct AreaLimits {
  double min_area = 0;         ///< Pixels.
  double max_area = 1e18;      ///< Pixels, of the quad; of the bounding box 5 % more.
  double min_fill = 0.8;       ///< Of the quad, and of the area's convex hull.
  std::size_t max_count = 40;  ///< The largest are taken.
  AtBorder at_border = AtBorder::allowed;
};

/// Quads around the 4-connected areas of non-zero pixels in `mask` (8UC1), largest first, in its pixel coordinates.
std::vector<FilledQuad> mask_quads(const cv::Mat& mask, const AreaLimits& limits);

}  // namespace vitrine
