#pragma once

#include <array>

#include "vitrine/base/export.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// A projective map of the plane, row-major, acting on column vectors (x, y, 1). Name it target_from_source.
struct VITRINE_EXPORT Homography {
  std::array<double, 9> m{1, 0, 0, 0, 1, 0, 0, 0, 1};

  /// The image of `p`. Infinite where `p` lies on the line that maps to infinity.
  Point operator()(Point p) const;
  Quad operator()(const Quad& quad) const;

  /// a(b(p)).
  friend VITRINE_EXPORT Homography operator*(const Homography& a, const Homography& b);

  /// The map back. Throws std::invalid_argument if there is none.
  Homography inverse() const;

  /// Derivatives at `p`: {dx'/dx, dx'/dy, dy'/dx, dy'/dy}.
  std::array<double, 4> jacobian(Point p) const;
};

/// Takes the corners of `source` to those of `target`, each to each; scaled so that the last entry is 1 where it can
/// be. Direct linear transformation on four points (Hartley & Zisserman, Multiple View Geometry, 2nd ed., section 4.1).
/// Throws std::invalid_argument if three corners of either lie on a line.
VITRINE_EXPORT Homography target_from_source(const Quad& source, const Quad& target);

/// Takes artwork pixels of an image of `artwork_size` to scene pixels, filling `quad_in_scene` corner to corner.
/// Throws std::invalid_argument if a side of `artwork_size` is not positive or the quad is not convex.
VITRINE_EXPORT Homography scene_from_artwork(const Quad& quad_in_scene, Size artwork_size);

/// Width over height of the flat rectangle that a pinhole camera shows as `quad_in_scene`, its principal point in the
/// middle of the scene (Zhang & He, Whiteboard scanning and image enhancement, 2007, section 3.2). Where the quad is
/// too close to a parallelogram to tell, the ratio of its mean sides.
VITRINE_EXPORT double aspect_ratio(const Quad& quad_in_scene, Size scene_size);

}  // namespace vitrine
