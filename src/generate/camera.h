#pragma once

#include "generate/vec3.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

struct Ray {
  Vec3 from;
  Vec3 along;  ///< Not of unit length: its part along the optical axis is 1.
};

/// A pinhole without distortion, its principal point in the middle of the picture.
struct Camera {
  Pose pose;            ///< x right, y down, z forward.
  double focal = 1000;  ///< In pixels.
  Size size;

  Ray ray(Point pixel) const;
  Point pixel(Vec3 point) const;   ///< Of a point in front of the camera.
  double depth(Vec3 point) const;  ///< Along the optical axis, in metres.
};

/// Where a camera stands: `yaw` and `pitch` turn the way from the target to the camera away from +z, to the right and
/// up.
struct Viewpoint {
  Vec3 target;
  double yaw = 0;    ///< Radians.
  double pitch = 0;  ///< Radians.
  double roll = 0;   ///< Radians.
  double distance = 3;
  double focal = 1000;
};

Camera make_camera(const Viewpoint& viewpoint, Size size);

}  // namespace vitrine
