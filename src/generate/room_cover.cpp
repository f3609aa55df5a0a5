#include <array>

#include "generate/furniture.h"
#include "generate/plant.h"
#include "generate/room_layout.h"

namespace vitrine {
namespace {

// The point at depth `z` that the camera sees before `behind`.
Vec3 before(const Camera& camera, Vec3 behind, double z) {
  const Vec3 eye = camera.pose.origin;
  return eye + (behind - eye) * ((z - eye.z) / (behind.z - eye.z));
}

Vec3 on_opening(const Panel& panel, double x, double y) {
  const PanelRect& o = panel.opening;
  return panel.pose.room_from_local({(o.left + o.right) / 2 + x * (o.right - o.left) / 2,
                                     (o.top + o.bottom) / 2 + y * (o.bottom - o.top) / 2, panel.picture_z()});
}

void cover_with_sprigs(Room& room, Random& random) {
  const Panel& panel = room.panels.front();
  const double side = random.sign();
  const double rise = random.sign();
  const Vec3 up{0, 0, 0.014 + panel.recess};
  lay_sprig(room, random, on_opening(panel, side * 1.7, rise * 1.4) + up,
            on_opening(panel, side * 0.25, rise * 0.5) + up);
  lay_sprig(room, random, on_opening(panel, side * 1.8, rise * 0.8) + up,
            on_opening(panel, side * 0.5, rise * 0.1) + up);
}

void cover_with_lamp(Room& room, Random& random, const Framing& framing, double side) {
  const bool floor = framing.ground < 0.3;
  const Panel& panel = room.panels.front();
  const double z = panel.pose.origin.z + (floor ? 0.42 : 0.24);
  const Vec3 shade = before(room.camera, on_opening(panel, side * 0.85, 0.6), z);
  LampPlan plan;
  plan.foot = {shade.x, framing.ground, z};
  plan.height = std::max(0.35, shade.y - framing.ground + 0.1);
  plan.stand = floor ? Stand::floor : Stand::table;
  plan.power = random.chance(0.5) ? 0.3F : 0.0F;
  plan.foreground = true;
  add_lamp(room, random, plan);
}

void cover_with_plant(Room& room, Random& random, const Framing& framing, double side) {
  const bool floor = framing.ground < 0.3;
  const Panel& panel = room.panels.front();
  const double z = panel.pose.origin.z + (floor ? 0.5 : room.panels.front().flush ? 0.26 : 0.18);
  const double low = random.between(0.25, 0.6);
  const Vec3 crown = before(room.camera, on_opening(panel, side * random.between(0.45, 0.75), low), z);
  const double small = std::min(1.0, panel.half_width / 0.25);
  const double pot = floor ? random.between(0.3, 0.4) : random.between(0.14, 0.2) * small * small;
  const Vec3 mouth{crown.x + side * panel.half_width * random.between(0.1, 0.3), framing.ground + pot, z};
  add_pot(room, random, mouth, pot);
  static constexpr std::array<PlantKind, 4> kKinds{PlantKind::broad, PlantKind::palm, PlantKind::olive,
                                                   PlantKind::eucalyptus};
  PlantPlan plan{mouth, std::max(0.2, (crown.y - mouth.y) * random.between(1.2, 1.35)), (crown.x - mouth.x) * 1.2,
                 random.pick(kKinds)};
  add_plant(room, random, plan);
}

}  // namespace

void cover_part(Room& room, Random& random, const Framing& framing) {
  if (!room.has_floor) return cover_with_sprigs(room, random);
  const double side = random.sign();
  const bool small = room.panels.front().half_width < 0.22;
  if (!small && random.chance(0.25)) return cover_with_lamp(room, random, framing, side);
  cover_with_plant(room, random, framing, side);
}

}  // namespace vitrine
