#include "vitrine/image/homography.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace vitrine {
namespace {

// Takes the unit square's corners (0,0) (1,0) (1,1) (0,1) to those of the quad in closed form
// (Heckbert, Fundamentals of texture mapping and image warping, 1989, section 2.2.3).
Homography quad_from_unit_square(const Quad& q) {
  const double sum_x = q[0].x - q[1].x + q[2].x - q[3].x;
  const double sum_y = q[0].y - q[1].y + q[2].y - q[3].y;
  const double dx1 = q[1].x - q[2].x;
  const double dx2 = q[3].x - q[2].x;
  const double dy1 = q[1].y - q[2].y;
  const double dy2 = q[3].y - q[2].y;
  const double det = dx1 * dy2 - dx2 * dy1;
  const double g = (sum_x * dy2 - dx2 * sum_y) / det;
  const double h = (dx1 * sum_y - sum_x * dy1) / det;
  return {{q[1].x - q[0].x + g * q[1].x, q[3].x - q[0].x + h * q[3].x, q[0].x,
           q[1].y - q[0].y + g * q[1].y, q[3].y - q[0].y + h * q[3].y, q[0].y, g, h, 1}};
}

void require_proper(const Quad& quad) {
  if (!is_convex(quad))
    throw std::invalid_argument("The quad is not convex and clockwise, so no homography fills it. Order its corners.");
}

}  // namespace

Point Homography::operator()(Point p) const {
  const double w = m[6] * p.x + m[7] * p.y + m[8];
  return {(m[0] * p.x + m[1] * p.y + m[2]) / w, (m[3] * p.x + m[4] * p.y + m[5]) / w};
}

Quad Homography::operator()(const Quad& quad) const {
  return {{(*this)(quad[0]), (*this)(quad[1]), (*this)(quad[2]), (*this)(quad[3])}};
}

Homography operator*(const Homography& a, const Homography& b) {
  Homography product;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      product.m[3 * i + j] = a.m[3 * i] * b.m[j] + a.m[3 * i + 1] * b.m[3 + j] + a.m[3 * i + 2] * b.m[6 + j];
  return product;
}

Homography Homography::inverse() const {
  Homography adjugate{{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                       m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                       m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]}};
  const double det = m[0] * adjugate.m[0] + m[1] * adjugate.m[3] + m[2] * adjugate.m[6];
  if (det == 0 || !std::isfinite(det)) throw std::invalid_argument("The homography is singular: it has no way back.");
  const double last = adjugate.m[8];
  const double scale = std::abs(last) > 1e-12 * std::abs(det) ? last : det;
  for (double& entry : adjugate.m) entry /= scale;
  return adjugate;
}

std::array<double, 4> Homography::jacobian(Point p) const {
  const double w = m[6] * p.x + m[7] * p.y + m[8];
  const Point q = (*this)(p);
  return {(m[0] - q.x * m[6]) / w, (m[1] - q.x * m[7]) / w, (m[3] - q.y * m[6]) / w, (m[4] - q.y * m[7]) / w};
}

Homography target_from_source(const Quad& source, const Quad& target) {
  require_proper(source);
  require_proper(target);
  Homography map = quad_from_unit_square(target) * quad_from_unit_square(source).inverse();
  if (map.m[8] != 0) {
    const double last = map.m[8];
    for (double& entry : map.m) entry /= last;
  }
  return map;
}

Homography scene_from_artwork(const Quad& quad_in_scene, Size artwork_size) {
  if (artwork_size.width <= 0 || artwork_size.height <= 0)
    throw std::invalid_argument("The artwork is " + std::to_string(artwork_size.width) + " x " +
                                std::to_string(artwork_size.height) + " pixels; both sides must be positive.");
  return target_from_source(quad_of({0, 0, artwork_size.width, artwork_size.height}), quad_in_scene);
}

double aspect_ratio(const Quad& quad_in_scene, Size scene_size) {
  require_proper(quad_in_scene);
  const Point centre{scene_size.width / 2.0, scene_size.height / 2.0};
  Quad centred = quad_in_scene;
  for (Point& p : centred.corners) p = {p.x - centre.x, p.y - centre.y};
  const double plain = (distance(centred[0], centred[1]) + distance(centred[3], centred[2])) /
                       (distance(centred[0], centred[3]) + distance(centred[1], centred[2]));

  // Columns of the map from the unit square are the images of the rectangle's axes; in camera coordinates (divided
  // by the focal length) they are orthogonal, and their lengths are width and height.
  const Homography map = quad_from_unit_square(centred);
  const double u[3] = {map.m[0], map.m[3], map.m[6]};
  const double v[3] = {map.m[1], map.m[4], map.m[7]};
  const double diagonal = std::hypot(scene_size.width, scene_size.height);
  const double focal_squared = -(u[0] * v[0] + u[1] * v[1]) / (u[2] * v[2]);
  // Below half or above five diagonals the perspective is too weak, or the camera no camera.
  const bool plausible = std::abs(u[2] * v[2]) > 1e-4 && focal_squared > 0.25 * diagonal * diagonal &&
                         focal_squared < 25 * diagonal * diagonal;
  if (!plausible) return plain;
  const auto length = [&](const double* axis) {
    return std::sqrt((axis[0] * axis[0] + axis[1] * axis[1]) / focal_squared + axis[2] * axis[2]);
  };
  const double exact = length(u) / length(v);
  return std::clamp(exact, plain / 2, plain * 2);
}

}  // namespace vitrine
