#include "generate/solid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vitrine {
namespace {

struct Span {
  double enter;
  double leave;
};

// Part of the ray inside the box of half sides `half` around the origin.
std::optional<Span> inside_box(Vec3 from, Vec3 along, Vec3 half) {
  Span span{0, 1e30};
  const std::array<std::array<double, 3>, 3> axes{
      {{from.x, along.x, half.x}, {from.y, along.y, half.y}, {from.z, along.z, half.z}}};
  for (const auto& [start, speed, reach] : axes) {
    if (std::abs(speed) < 1e-12) {
      if (std::abs(start) > reach) return std::nullopt;
      continue;
    }
    const double a = (-reach - start) / speed;
    const double b = (reach - start) / speed;
    span.enter = std::max(span.enter, std::min(a, b));
    span.leave = std::min(span.leave, std::max(a, b));
  }
  if (span.enter >= span.leave) return std::nullopt;
  return span;
}

double box_distance(Vec3 p, Vec3 half, double rounding) {
  const Vec3 q{std::abs(p.x) - half.x + rounding, std::abs(p.y) - half.y + rounding, std::abs(p.z) - half.z + rounding};
  const Vec3 out{std::max(q.x, 0.0), std::max(q.y, 0.0), std::max(q.z, 0.0)};
  return length(out) + std::min(std::max({q.x, q.y, q.z}), 0.0) - rounding;
}

Vec3 box_normal(Vec3 p, Vec3 half, double rounding) {
  const Vec3 q{std::abs(p.x) - half.x + rounding, std::abs(p.y) - half.y + rounding, std::abs(p.z) - half.z + rounding};
  Vec3 out{std::max(q.x, 0.0), std::max(q.y, 0.0), std::max(q.z, 0.0)};
  if (rounding <= 0 || dot(out, out) <= 0) {
    const double most = std::max({q.x, q.y, q.z});
    out = {q.x == most ? 1.0 : 0.0, q.y == most ? 1.0 : 0.0, q.z == most ? 1.0 : 0.0};
  }
  return unit({std::copysign(out.x, p.x), std::copysign(out.y, p.y), std::copysign(out.z, p.z)});
}

std::optional<SolidHit> meet_box(const Solid& solid, Vec3 from, Vec3 along, double limit) {
  const auto span = inside_box(from, along, solid.half);
  if (!span || span->enter >= limit) return std::nullopt;
  double t = span->enter;
  if (solid.rounding > 0) {
    // Walks along the ray by the distance to the body, which can never step over its skin.
    const double speed = length(along);
    double left = box_distance(from + along * t, solid.half, solid.rounding);
    for (int i = 0; i < 40 && left > 2e-5; ++i) {
      t += left / speed;
      if (t > span->leave) return std::nullopt;
      left = box_distance(from + along * t, solid.half, solid.rounding);
    }
    if (left > 1e-3) return std::nullopt;
  }
  if (t >= limit) return std::nullopt;
  const Vec3 p = from + along * t;
  return SolidHit{t, p, box_normal(p, solid.half, solid.rounding)};
}

std::optional<SolidHit> meet_cone(const Solid& solid, Vec3 from, Vec3 along, double limit) {
  const double height = solid.half.y;
  const double slope = (solid.half.z - solid.half.x) / (2 * height);
  const double middle = (solid.half.z + solid.half.x) / 2;
  std::optional<SolidHit> best;
  const auto offer = [&](double t, Vec3 normal) {
    if (t > 0 && t < limit && (!best || t < best->t)) best = SolidHit{t, from + along * t, normal};
  };
  for (const double side : {-1.0, 1.0}) {
    const double t = (side * height - from.y) / along.y;
    const Vec3 p = from + along * t;
    const double radius = side < 0 ? solid.half.x : solid.half.z;
    if (std::isfinite(t) && p.x * p.x + p.z * p.z <= radius * radius) offer(t, {0, side, 0});
  }
  const double r0 = middle + slope * from.y;
  const double rd = slope * along.y;
  const double a = along.x * along.x + along.z * along.z - rd * rd;
  const double b = from.x * along.x + from.z * along.z - r0 * rd;
  const double c = from.x * from.x + from.z * from.z - r0 * r0;
  const double root = b * b - a * c;
  if (root >= 0 && std::abs(a) > 1e-12) {
    for (const double sign : {-1.0, 1.0}) {
      const double t = (-b + sign * std::sqrt(root)) / a;
      const Vec3 p = from + along * t;
      if (std::abs(p.y) <= height && middle + slope * p.y >= 0)
        offer(t, unit({p.x, -slope * (middle + slope * p.y), p.z}));
    }
  }
  return best;
}

std::optional<SolidHit> meet_ball(const Solid& solid, Vec3 from, Vec3 along, double limit) {
  const Vec3 h = solid.half;
  const Vec3 f{from.x / h.x, from.y / h.y, from.z / h.z};
  const Vec3 d{along.x / h.x, along.y / h.y, along.z / h.z};
  const double a = dot(d, d);
  const double b = dot(f, d);
  const double root = b * b - a * (dot(f, f) - 1);
  if (root < 0) return std::nullopt;
  const double t = (-b - std::sqrt(root)) / a;
  if (t <= 0 || t >= limit) return std::nullopt;
  const Vec3 p = from + along * t;
  return SolidHit{t, p, unit({p.x / (h.x * h.x), p.y / (h.y * h.y), p.z / (h.z * h.z)})};
}

}  // namespace

std::optional<SolidHit> meet(const Solid& solid, const Ray& ray, double limit) {
  const Vec3 from = solid.pose.local_from_room(ray.from);
  const Vec3 along = solid.pose.turn_in(ray.along);
  switch (solid.shape) {
    case SolidShape::box:
      return meet_box(solid, from, along, limit);
    case SolidShape::cone:
      return meet_cone(solid, from, along, limit);
    case SolidShape::ball:
      return meet_ball(solid, from, along, limit);
  }
  return std::nullopt;
}

double reach_of(const Solid& solid) {
  if (solid.shape == SolidShape::box) return length(solid.half);
  if (solid.shape == SolidShape::ball) return std::max({solid.half.x, solid.half.y, solid.half.z});
  const double radius = std::max(solid.half.x, solid.half.z);
  return std::sqrt(radius * radius + solid.half.y * solid.half.y);
}

double distance_to(const Solid& solid, Vec3 point) {
  const Vec3 p = solid.pose.local_from_room(point);
  switch (solid.shape) {
    case SolidShape::box:
      return box_distance(p, solid.half, solid.rounding);
    case SolidShape::cone: {
      const double share = std::clamp(p.y / (2 * solid.half.y) + 0.5, 0.0, 1.0);
      const double radius = solid.half.x + (solid.half.z - solid.half.x) * share;
      const double out = std::sqrt(p.x * p.x + p.z * p.z) - radius;
      const double over = std::abs(p.y) - solid.half.y;
      return length({std::max(out, 0.0), std::max(over, 0.0), 0}) + std::min(std::max(out, over), 0.0);
    }
    case SolidShape::ball: {
      const double least = std::min({solid.half.x, solid.half.y, solid.half.z});
      const double scaled = length({p.x / solid.half.x, p.y / solid.half.y, p.z / solid.half.z});
      return (scaled - 1) * least;
    }
  }
  return 1e30;
}

}  // namespace vitrine
