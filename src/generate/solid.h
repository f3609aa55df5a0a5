#pragma once

#include <optional>

#include "generate/camera.h"

namespace vitrine {

enum class SolidShape { box, cone, ball };

/// A simple body that furniture is put together from.
struct Solid {
  SolidShape shape = SolidShape::box;
  Pose pose;                ///< Origin in the middle; the axis of a cone is y.
  Vec3 half{1, 1, 1};       ///< Half its sides. Cone: radius at the bottom, half its height, radius at the top.
  double rounding = 0;      ///< Radius of a box's edges.
  int material = 0;         ///< Index in Room::materials.
  bool casts = true;        ///< Shades what is near it.
  bool foreground = false;  ///< Stands in front of a surface on purpose.
};

struct SolidHit {
  double t = 0;  ///< Along the ray.
  Vec3 local;    ///< Point in the solid's pose.
  Vec3 normal;   ///< In the solid's pose, unit length.
};

/// Where `ray` first meets the body, before `limit`.
std::optional<SolidHit> meet(const Solid& solid, const Ray& ray, double limit);

/// No point of the body is farther from its middle, in metres.
double reach_of(const Solid& solid);

/// Distance in metres, at most: exact for boxes, a lower bound for the rest.
double distance_to(const Solid& solid, Vec3 point);

}  // namespace vitrine
