#include <array>
#include <cmath>

#include "generate/furniture.h"
#include "generate/plant.h"
#include "generate/room_layout.h"

namespace vitrine {
namespace {

void dress_table(Room& room, Random& random, const Panel& sheet) {
  const double side = random.sign();
  const double x = sheet.half_width + sheet.bar_x;
  const double y = sheet.half_height;
  const double z = 0.012;
  room.start_thing();
  lay_sprig(room, random, {-side * (x + 0.2), y * 0.9, z}, {-side * (x + 0.06), y * 0.1, z});
  if (random.chance(0.6)) lay_sprig(room, random, {-side * (x + 0.22), y * 0.5, z}, {-side * (x + 0.09), -y * 0.4, z});
  room.start_thing();
  if (random.chance(0.65))
    add_cup(room, random, {side * (x + random.between(0.09, 0.13)), y * random.between(0.3, 0.8), 0});
  room.start_thing();
  if (random.chance(0.7)) {
    const double angle = random.between(-0.5, 0.5);
    add_pencil(room, random, {side * (x + random.between(0.05, 0.08)), -y * random.between(0.2, 0.5), 0}, angle);
  }
  room.start_thing();
  if (random.chance(0.5)) add_pebbles(room, random, {-side * (x + 0.09), -y * random.between(0.5, 0.9), 0});
}

}  // namespace

Framing lay_out_table(Room& room, Random& random, const SceneOptions&) {
  room.has_floor = false;
  room.light.up = {0, 0, 1};
  room.wall = make_table_top(random);
  const bool framed = random.chance(0.3);
  static constexpr std::array<std::array<double, 2>, 4> kSizes{{{0.148, 0.21}, {0.21, 0.297}, {0.15, 0.2}, {0.2, 0.2}}};
  auto size = random.pick(kSizes);
  if (random.chance(0.2)) std::swap(size[0], size[1]);
  Panel panel = make_panel(random, framed ? PanelKind::frame : PanelKind::sheet, size[0], size[1]);
  panel.pose = turned(panel.pose, {0, 0, 1}, random.between(-0.16, 0.16));
  room.panels.push_back(panel);
  dress_table(room, random, panel);
  return {{random.between(-0.02, 0.02), random.between(-0.02, 0.02), 0}, random.between(0.58, 0.74), 0, 0, true, 0};
}

}  // namespace vitrine
