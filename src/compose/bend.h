#pragma once

#include <optional>

#include "compose/relief.h"
#include "vitrine/compose/look.h"
#include "vitrine/image/homography.h"

namespace vitrine {

/// A surface that is not flat, seen in a scene. Unit coordinates: (0, 0) to (1, 1) over its print, along the surface.
class Bend {
 public:
  /// A round one.
  Bend(const Quad& quad, const Cylinder& cylinder);

  /// One with folds. Borrows `relief`.
  Bend(const Quad& quad, const Relief& relief);

  const Quad& quad() const { return quad_; }

  /// Where scene pixel `p` lies on the surface; finite, beyond [0, 1] beside it.
  Point unit_from_scene(Point p) const;

  /// The way back; folds are left out.
  Point scene_from_unit(Point unit) const;

  /// Length along the round side over that of the straight line between its ends.
  double stretch() const;

  /// Scene pixels that the surface may reach, uncut.
  Rect reach() const;

 private:
  double bulge(double angle) const;
  double bow(double along) const;

  Quad quad_;
  Homography scene_from_chord_;
  Homography chord_from_scene_;
  std::optional<Cylinder> cylinder_;
  double half_angle_ = 0;
  const Relief* relief_ = nullptr;
};

}  // namespace vitrine
