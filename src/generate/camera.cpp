#include "generate/camera.h"

namespace vitrine {

Ray Camera::ray(Point pixel) const {
  const Vec3 along{(pixel.x - size.width * 0.5) / focal, (pixel.y - size.height * 0.5) / focal, 1};
  return {pose.origin, pose.turn_out(along)};
}

Point Camera::pixel(Vec3 point) const {
  const Vec3 local = pose.local_from_room(point);
  return {size.width * 0.5 + focal * local.x / local.z, size.height * 0.5 + focal * local.y / local.z};
}

double Camera::depth(Vec3 point) const { return dot(point - pose.origin, pose.z); }

Camera make_camera(const Viewpoint& viewpoint, Size size) {
  const double level = std::cos(viewpoint.pitch);
  const Vec3 to_camera{std::sin(viewpoint.yaw) * level, std::sin(viewpoint.pitch), std::cos(viewpoint.yaw) * level};
  Pose pose;
  pose.origin = viewpoint.target + to_camera * viewpoint.distance;
  pose.z = -to_camera;
  pose.x = unit(cross(pose.z, {0, 1, 0}));
  pose.y = cross(pose.z, pose.x);
  return {turned(pose, pose.z, viewpoint.roll), viewpoint.focal, size};
}

}  // namespace vitrine
