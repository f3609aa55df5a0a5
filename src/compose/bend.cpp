#include "compose/bend.h"

#include <algorithm>
#include <cmath>

#include "compose/placement_geometry.h"

namespace vitrine {
namespace {

// Past this sine the surface is seen edge on; the map goes on straight, so that pixels beside it have a place too.
constexpr double kEdgeOn = 0.998;

double angle_of(double sine) {
  const double within = std::clamp(sine, -kEdgeOn, kEdgeOn);
  return std::asin(within) + (sine - within) / std::sqrt(1 - kEdgeOn * kEdgeOn);
}

}  // namespace

Bend::Bend(const Quad& quad, const Cylinder& cylinder)
    : quad_(quad),
      scene_from_chord_(target_from_source(kUnitSquare, quad)),
      chord_from_scene_(target_from_source(quad, kUnitSquare)),
      cylinder_(cylinder),
      half_angle_(cylinder.degrees * std::acos(-1.0) / 360) {}

Bend::Bend(const Quad& quad, const Relief& relief)
    : quad_(quad),
      scene_from_chord_(target_from_source(kUnitSquare, quad)),
      chord_from_scene_(target_from_source(quad, kUnitSquare)),
      relief_(&relief) {}

// How far towards the camera the surface stands out at an angle, 1 in the middle and 0 at the ends.
double Bend::bulge(double angle) const {
  const double bounded = std::clamp(angle, -half_angle_, half_angle_);
  return (std::cos(bounded) - std::cos(half_angle_)) / (1 - std::cos(half_angle_));
}

double Bend::bow(double along) const {
  const double t = std::clamp(along, -0.5, 1.5);
  return cylinder_->bow_top + t * (cylinder_->bow_bottom - cylinder_->bow_top);
}

Point Bend::unit_from_scene(Point p) const {
  if (relief_ != nullptr) return chord_from_scene_(relief_->moved(p));
  Point chord = chord_from_scene_(p);
  // Beside a strongly tilted quad the plane's horizon may be near.
  chord = {std::isfinite(chord.x) ? std::clamp(chord.x, -9.0, 9.0) : 9.0, std::isfinite(chord.y) ? std::clamp(chord.y, -9.0, 9.0) : 9.0};
  const double angle = angle_of((2 * chord.x - 1) * std::sin(half_angle_));
  // y = v + bow(v) * bulge, and the bow is linear in v.
  const double out = bulge(angle);
  const double v = (chord.y - cylinder_->bow_top * out) / (1 + (cylinder_->bow_bottom - cylinder_->bow_top) * out);
  return {angle / (2 * half_angle_) + 0.5, v};
}

Point Bend::scene_from_unit(Point unit) const {
  if (relief_ != nullptr) return scene_from_chord_(unit);
  const double angle = (2 * unit.x - 1) * half_angle_;
  const double x = (std::sin(angle) / std::sin(half_angle_) + 1) / 2;
  return scene_from_chord_(Point{x, unit.y + bow(unit.y) * bulge(angle)});
}

double Bend::stretch() const { return cylinder_ ? half_angle_ / std::sin(half_angle_) : 1; }

Rect Bend::reach() const {
  double x0 = quad_[0].x, x1 = x0, y0 = quad_[0].y, y1 = y0;
  const auto hold = [&](Point p) {
    x0 = std::min(x0, p.x), x1 = std::max(x1, p.x), y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
  };
  constexpr int kSteps = 64;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = static_cast<double>(i) / kSteps;
    for (const Point unit : {Point{t, 0}, Point{t, 1}, Point{0, t}, Point{1, t}}) hold(scene_from_unit(unit));
  }
  const double more = 2 + (relief_ != nullptr ? relief_->most() : 0);
  const auto whole = [](double value) { return static_cast<int>(std::clamp(std::floor(value), -1e6, 1e6)); };
  const Rect rect{whole(x0 - more), whole(y0 - more), 0, 0};
  return {rect.x, rect.y, whole(x1 + more) + 1 - rect.x, whole(y1 + more) + 1 - rect.y};
}

}  // namespace vitrine
