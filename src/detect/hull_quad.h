#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// Four sides around the convex hull of `points`: edges of the hull are taken away, the one that adds least area
/// first, its neighbours extended until they meet. Empty if the points do not span an area. Keeps their coordinates.
std::optional<Quad> hull_quad(const std::vector<cv::Point2f>& points);

}  // namespace vitrine
