#pragma once

#include <optional>

#include "generate/room.h"

namespace vitrine {

enum class Seen { nothing, wall, floor, ceiling, side_wall, solid, panel };

/// What a ray meets first.
struct RoomHit {
  Seen seen = Seen::nothing;
  int index = 0;  ///< Of the solid or panel.
  int face = 0;   ///< Of a box; part and edge of a panel.
  double t = 1e30;
  Vec3 local;  ///< On solids and panels: the point and normal in their own pose.
  Vec3 normal;
  std::optional<Visibility> visibility;  ///< On solids, if it is known already; it costs most of the time.

  /// The same thing, seen from the same side: no edge between two such pixels.
  bool same_as(const RoomHit& other) const { return seen == other.seen && index == other.index && face == other.face; }
  PanelPart part() const { return static_cast<PanelPart>(face / 4); }
  int edge() const { return face % 4; }
};

/// What leaves a point: `colour` as it is, `white` as if it were white and matt. Both before the lens.
struct Shade {
  Rgb colour;
  Rgb white;
};

/// Colours what rays meet in one room. Keeps a reference to the room, which must outlive it.
class Shader {
 public:
  explicit Shader(const Room& room) : room_(room), blockers_(blockers_of(room)) {}
  explicit Shader(Room&&) = delete;

  Shade shade(const RoomHit& hit, const Ray& ray, double footprint) const;

  /// What stands around leaves of the light on a solid.
  Visibility visibility_on_solid(const RoomHit& hit) const;

  /// The picture's own plane, whether or not the ray reaches it.
  Shade shade_picture(const Panel& panel, Vec3 local, double footprint) const;

 private:
  Shade shade_wall(Vec3 p, double footprint) const;
  Shade shade_solid(const RoomHit& hit, const Ray& ray, double footprint) const;
  Shade shade_panel(const RoomHit& hit, const Ray& ray, double footprint) const;

  const Room& room_;
  Blockers blockers_;
};

}  // namespace vitrine
