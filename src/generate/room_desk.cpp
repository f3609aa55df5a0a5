#include <cmath>

#include "generate/furniture.h"
#include "generate/plant.h"
#include "generate/room_layout.h"

namespace vitrine {
namespace {

struct Laptop {
  double hinge_y;
  double hinge_z;
  double width;
  double lean;
};

void add_laptop(Room& room, Random& random, const Laptop& plan) {
  const int shell =
      room.add({Texture::metal, from_hex(random.chance(0.6) ? 0xB9BBBE : 0x55575B), {}, 0.1, 0.25F, random.salt(), {}});
  Material keys{Texture::keys, from_hex(0x8E9093), from_hex(0x1F2022), 0.019, 0.05F, 0, {}};
  const int keyboard = room.add(keys);
  const double deep = plan.width * 0.68;
  Solid base;
  base.pose.origin = {0, plan.hinge_y - 0.002, plan.hinge_z + deep / 2};
  base.half = {plan.width / 2 + 0.012, 0.007, deep / 2};
  base.rounding = 0.006;
  base.material = shell;
  room.solids.push_back(base);
  Solid board = base;
  board.half = {plan.width / 2 - 0.015, 0.0005, deep * 0.24};
  board.pose.origin = {0, plan.hinge_y + 0.0052, plan.hinge_z + deep * 0.32};
  board.rounding = 0;
  board.material = keyboard;
  room.solids.push_back(board);
  Solid pad = board;
  pad.half = {plan.width * 0.16, 0.0004, deep * 0.15};
  pad.pose.origin.z = plan.hinge_z + deep * 0.8;
  pad.material =
      room.add({Texture::plain, room.materials[static_cast<std::size_t>(shell)].colour * 0.85F, {}, 0.1, 0.1F, 0, {}});
  room.solids.push_back(pad);

  Panel screen = make_panel(random, PanelKind::screen, plan.width, plan.width * 0.635);
  screen.bar_x = screen.bar_y = plan.width * 0.022;
  screen.depth = 0.006;
  screen.recess = 0.0006;
  screen.corner = 0.009;
  screen.pose = turned(screen.pose, {1, 0, 0}, -plan.lean);
  const double half = screen.half_height + screen.bar_y;
  screen.pose.origin = {0, plan.hinge_y + half * std::cos(plan.lean) + 0.006,
                        plan.hinge_z - half * std::sin(plan.lean)};
  screen.flush = false;
  room.panels.push_back(screen);
}

void dress_desk(Room& room, Random& random, double top) {
  const double side = random.sign();
  room.start_thing();
  if (random.chance(0.6)) {
    add_lamp(
        room, random,
        {{side * 0.46, top, 0.26}, random.between(0.42, 0.52), Stand::table, random.chance(0.5) ? 0.4F : 0.0F, false});
  } else {
    add_vase(room, random, {side * 0.42, top, 0.25}, 0.2);
  }
  room.start_thing();
  const double pot = random.between(0.11, 0.16);
  const Vec3 mouth{-side * random.between(0.38, 0.46), top + pot, 0.26};
  add_pot(room, random, mouth, pot);
  add_plant(
      room, random,
      {mouth, random.between(0.22, 0.34), -side * 0.05, random.chance(0.5) ? PlantKind::eucalyptus : PlantKind::broad});
  room.start_thing();
  if (random.chance(0.6)) add_books(room, random, {side * 0.36, top, 0.5});
}

}  // namespace

Framing lay_out_desk(Room& room, Random& random, const SceneOptions& options) {
  room.wall = make_wall(random);
  room.floor = make_floor(random);
  add_baseboard(room, random);
  const double top = add_desk(room, random, 0, random.between(1.3, 1.6));
  const double lean = random.between(0.2, 0.3);
  add_laptop(room, random, {top + 0.011, 0.34, random.between(0.31, 0.36), lean});
  if (!options.covered) dress_desk(room, random, top);
  const Vec3 middle = room.panels.front().pose.origin;
  return {middle + Vec3{random.between(-0.03, 0.03), -0.03, 0.05},
          random.between(0.48, 0.62),
          lean + random.between(-0.1, 0.06),
          lean,
          false,
          top};
}

}  // namespace vitrine
