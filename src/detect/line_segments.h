#pragma once

#include <vector>

#include "detect/working_scene.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// A straight edge in working pixels.
struct Line {
  Point from, to;
  double covered = 0;  ///< How much of its length edges were seen on, in pixels.
};

/// Straight edges of the scene in lightness and colour, collinear ones joined; the best covered first, at most
/// `max_count`. Segments by Grompone von Gioi et al., LSD: a line segment detector, IPOL 2, 2012.
std::vector<Line> straight_edges(const WorkingScene& scene, std::size_t max_count, Context& context);

}  // namespace vitrine
