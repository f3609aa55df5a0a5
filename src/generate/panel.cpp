#include "generate/panel.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

// Which side of the rectangle's middle the point belongs to, corners mitred.
int edge_of(const PanelRect& inner, double x, double y) {
  const double over_x = std::max(inner.left - x, x - inner.right);
  const double over_y = std::max(inner.top - y, y - inner.bottom);
  if (over_y > over_x) return y < (inner.top + inner.bottom) / 2 ? 0 : 2;
  return x > (inner.left + inner.right) / 2 ? 1 : 3;
}

bool in_rounded(const PanelRect& rect, double corner, double x, double y) {
  const PanelRect core{rect.left + corner, rect.top + corner, rect.right - corner, rect.bottom - corner};
  return distance_to(core, x, y) < std::max(corner, 1e-12);
}

std::optional<PanelHit> meet_picture(const Panel& panel, Vec3 from, Vec3 along, const PanelRect& inner) {
  const double t = (panel.picture_z() - from.z) / along.z;
  const Vec3 p = from + along * t;
  if (holds(inner, p.x, p.y)) {
    constexpr double kBevel = 0.0022;
    const double off = distance_to(panel.picture(), p.x, p.y);
    const PanelPart part = off < 0 ? PanelPart::picture : off < kBevel ? PanelPart::bevel : PanelPart::mat;
    return PanelHit{t, p, {0, 0, 1}, part, edge_of(panel.picture(), p.x, p.y)};
  }
  const int edge = edge_of(inner, p.x, p.y);
  return PanelHit{t, p, -outward(edge), PanelPart::lip, edge};
}

// The side of the body that the ray enters through, for rays that miss its front.
std::optional<PanelHit> meet_side(const Panel& panel, Vec3 from, Vec3 along, const PanelRect& outer) {
  std::optional<PanelHit> best;
  for (int edge = 0; edge < 4; ++edge) {
    const Vec3 normal = outward(edge);
    if (dot(normal, along) >= 0) continue;
    const bool upright = edge == 1 || edge == 3;
    const double wall = edge == 0 ? outer.top : edge == 1 ? outer.right : edge == 2 ? outer.bottom : outer.left;
    const double t = upright ? (wall - from.x) / along.x : (wall - from.y) / along.y;
    const Vec3 p = from + along * t;
    const bool on_it = upright ? p.y >= outer.top && p.y <= outer.bottom : p.x >= outer.left && p.x <= outer.right;
    if (t > 0 && on_it && p.z >= 0 && p.z <= panel.depth) best = PanelHit{t, p, normal, PanelPart::side, edge};
  }
  return best;
}

}  // namespace

Vec3 outward(int edge) {
  switch (edge) {
    case 0:
      return {0, -1, 0};
    case 1:
      return {1, 0, 0};
    case 2:
      return {0, 1, 0};
    default:
      return {-1, 0, 0};
  }
}

const char* name_of(PanelKind kind) noexcept {
  switch (kind) {
    case PanelKind::frame:
      return "frame";
    case PanelKind::canvas:
      return "canvas";
    case PanelKind::poster:
      return "poster";
    case PanelKind::screen:
      return "screen";
    case PanelKind::sheet:
      return "sheet";
  }
  return "";
}

double distance_to(const PanelRect& rect, double x, double y) {
  const double dx = std::max(rect.left - x, x - rect.right);
  const double dy = std::max(rect.top - y, y - rect.bottom);
  if (dx <= 0 || dy <= 0) return std::max(dx, dy);
  return std::sqrt(dx * dx + dy * dy);
}

Panel settle(Panel panel, const Camera& camera) {
  const Vec3 eye = panel.pose.local_from_room(camera.pose.origin);
  const double scale = (eye.z - panel.picture_z()) / (eye.z - panel.depth);
  const auto seen_x = [&](double x) { return eye.x + (x - eye.x) * scale; };
  const auto seen_y = [&](double y) { return eye.y + (y - eye.y) * scale; };
  PanelRect opening = panel.picture();
  if (panel.bar_x > 0) {
    opening.left = std::max(opening.left, seen_x(-panel.half_width));
    opening.right = std::min(opening.right, seen_x(panel.half_width));
  }
  if (panel.bar_y > 0) {
    opening.top = std::max(opening.top, seen_y(-panel.half_height));
    opening.bottom = std::min(opening.bottom, seen_y(panel.half_height));
  }
  const double z = panel.picture_z();
  const auto pixel = [&](double x, double y) { return camera.pixel(panel.pose.room_from_local({x, y, z})); };
  panel.opening = opening;
  panel.quad = {{{pixel(opening.left, opening.top), pixel(opening.right, opening.top),
                  pixel(opening.right, opening.bottom), pixel(opening.left, opening.bottom)}}};
  return panel;
}

std::optional<PanelHit> meet(const Panel& panel, const Ray& ray, double limit) {
  const Vec3 from = panel.pose.local_from_room(ray.from);
  const Vec3 along = panel.pose.turn_in(ray.along);
  if (from.z <= panel.depth || along.z >= 0) return std::nullopt;
  const PanelRect outer = panel.outer();
  const PanelRect inner{-panel.half_width, -panel.half_height, panel.half_width, panel.half_height};
  const double t = (panel.depth - from.z) / along.z;
  const Vec3 front = from + along * t;
  std::optional<PanelHit> hit;
  if (!in_rounded(outer, panel.corner, front.x, front.y)) {
    hit = meet_side(panel, from, along, outer);
  } else if (holds(inner, front.x, front.y)) {
    hit = meet_picture(panel, from, along, inner);
  } else {
    hit = PanelHit{t, front, {0, 0, 1}, PanelPart::bars, edge_of(inner, front.x, front.y)};
  }
  if (hit && (hit->t <= 0 || hit->t >= limit)) hit.reset();
  return hit;
}

Vec3 picture_point(const Panel& panel, const Ray& ray) {
  const Vec3 from = panel.pose.local_from_room(ray.from);
  const Vec3 along = panel.pose.turn_in(ray.along);
  return from + along * ((panel.picture_z() - from.z) / along.z);
}

}  // namespace vitrine
