#pragma once

#include "generate/colour.h"
#include "generate/random.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// The outline of a leaf on a plane, in any unit; a stem is a long thin one.
struct LeafShape {
  enum class Profile { pointed, round, strap, stem };
  Point base;
  Point tip;
  double half_width = 1;
  double bend = 0;  ///< How far its middle lies beside the straight line, as a share of its length.
  Profile profile = Profile::pointed;
};

struct LeafPoint {
  double distance;  ///< To the outline, positive inside, in the leaf's unit.
  double along;     ///< 0 at the base, 1 at the tip.
  double across;    ///< -1 and 1 at the two edges.
};

LeafPoint leaf_point(const LeafShape& leaf, Point p);

struct LeafBounds {
  double left, top, right, bottom;
};
LeafBounds bounds(const LeafShape& leaf);

}  // namespace vitrine
