#include <array>
#include <cmath>

#include "generate/noise.h"
#include "generate/room_layout.h"

namespace vitrine {
namespace {

struct Mood {
  Rgb ambient;
  Rgb window;
  Rgb sun;
  double height;  ///< Of the sun: its rise over its way along the wall.
};
constexpr std::array<Mood, 5> kMoods{
    {{{0.36F, 0.365F, 0.375F}, {6.5F, 6.5F, 6.4F}, {0.34F, 0.33F, 0.31F}, 0.7},  // airy
     {{0.31F, 0.32F, 0.345F}, {4.0F, 4.0F, 4.0F}, {0.85F, 0.78F, 0.66F}, 0.65},  // morning sun
     {{0.30F, 0.275F, 0.265F}, {2.8F, 2.5F, 2.2F}, {0.85F, 0.65F, 0.44F}, 0.3},  // low sun
     {{0.38F, 0.39F, 0.405F}, {8.0F, 8.1F, 8.4F}, {0, 0, 0}, 0.6},               // overcast
     {{0.19F, 0.19F, 0.21F}, {1.8F, 1.9F, 2.1F}, {0, 0, 0}, 0.6}}};              // evening

// Middle of what matters and its size: shadows belong there.
struct Stage {
  Point middle;
  double size;
};

Stage stage_of(const Room& room) {
  if (!room.has_floor) return {{0, 0}, 0.5};
  const Vec3 eye = room.camera.pose.origin;
  const Vec3 ahead = room.camera.pose.z;
  const double t = -eye.z / ahead.z;
  return {{eye.x + ahead.x * t, eye.y + ahead.y * t}, t * room.camera.size.width / room.camera.focal};
}

void cast_window(Room& room, Random& random, const Stage& stage, double side) {
  RoomLight& light = room.light;
  const double s = stage.size;
  light.shade = ShadeMap(stage.middle, s * 2.6);
  const Point middle{stage.middle.x + s * random.between(-0.12, 0.12), stage.middle.y + s * random.between(-0.05, 0.1)};
  const int kind = random.index(4);
  if (kind != 0) {
    const int branches = 2 + random.index(3);
    for (int i = 0; i < branches; ++i) {
      const double y = middle.y + s * random.between(-0.3, 0.45);
      const Point from{middle.x + side * s * random.between(0.6, 0.8), y + s * random.between(0.0, 0.35)};
      const Point to{middle.x + side * s * random.between(-0.15, 0.25), y};
      for (const LeafShape& leaf : make_branch(random, from, to, s * random.between(0.1, 0.16)))
        light.shade.shade(leaf, 0.9F);
    }
  }
  light.shade.blur(s * random.between(0.004, 0.014));
  if (kind == 0 || kind == 3) {
    ShadeMap::Window window{middle,
                            s * random.between(0.2, 0.34),
                            s * random.between(0.26, 0.4),
                            side * random.between(0.15, 0.45),
                            2,
                            2 + random.index(2),
                            s * 0.018};
    if (random.chance(0.2)) {
      window.columns = 1;
      window.rows = 12;
      window.bar = s * 0.022;
    }
    light.shade.mask(window);
    light.shade.blur(s * random.between(0.003, 0.009));
  }
}

void cast_leaves(Room& room, const Stage& stage) {
  if (room.leaves.empty()) return;
  RoomLight& light = room.light;
  light.plants = ShadeMap(stage.middle, stage.size * 2.2);
  const auto on_wall = [&](Vec3 p) {
    const double t = p.z / light.sun.z;
    return Point{p.x - light.sun.x * t, p.y - light.sun.y * t};
  };
  double depth = 0;
  for (const RoomLeaf& leaf : room.leaves) {
    depth += std::max(leaf.base.z, 0.0) / static_cast<double>(room.leaves.size());
    light.plants.shade({on_wall(leaf.base), on_wall(leaf.tip), leaf.half_width * 0.8, leaf.bend, leaf.profile}, 0.8F);
  }
  light.plants.blur(std::max(depth * light.sun_blur, stage.size * 0.002));
}

void add_spots(Room& room) {
  for (const Panel& panel : room.panels) {
    const Vec3 middle = panel.pose.origin;
    const double rise = panel.half_height + 0.45;
    Lamp spot;
    spot.place = middle + room.light.up * (room.has_floor ? rise : 1.0) + Vec3{0, room.has_floor ? 0.0 : 0.5, 0.55};
    spot.axis = unit(middle - spot.place);
    spot.spread = 0.72;
    spot.both_ways = false;
    spot.power = from_hex(0xFFDDB0) * static_cast<float>(0.55 * dot(middle - spot.place, middle - spot.place) /
                                                         static_cast<double>(room.panels.size()));
    room.light.lamps.push_back(spot);
  }
}

bool lit_lamp(const Room& room) { return !room.light.lamps.empty(); }

// Bright enough that white paper nearly reaches white, and no brighter: light on a surface must not clip.
void expose(Room& room, Random& random) {
  float brightest = 0;
  for (const Panel& panel : room.panels)
    for (const double y : {-0.9, -0.45, 0.0, 0.45, 0.9})
      for (const double x : {-0.9, -0.45, 0.0, 0.45, 0.9}) {
        const Vec3 p = panel.pose.room_from_local({x * panel.half_width, y * panel.half_height, panel.depth});
        brightest = std::max(brightest, largest(light_at(room.light, p, panel.pose.z, {})));
      }
  room.lens.exposure = static_cast<float>(random.between(0.9, 0.99)) / std::max(brightest, 0.01F);
}

}  // namespace

double light_side(const Room& room) { return room.light.window.x < 0 ? -1 : 1; }

void light_room(Room& room, Random& random) {
  const double side = random.sign();
  const bool evening = lit_lamp(room) ? random.chance(0.6) : random.chance(0.06);
  const Mood& mood = kMoods[static_cast<std::size_t>(evening ? 4 : random.index(4))];
  RoomLight& light = room.light;
  light.ambient = mood.ambient;
  light.window_power = mood.window;
  light.sun_power = mood.sun;
  light.window = {side * random.between(2.0, 3.0), random.between(1.6, 2.0), random.between(1.2, 2.2)};
  light.window_facing = unit({-side, -0.1, -random.between(0.0, 0.4)});
  light.sun =
      unit({side * random.between(0.55, 1.0), mood.height * random.between(0.8, 1.2), random.between(0.75, 1.1)});
  if (!room.has_floor) {
    light.window = {side * random.between(1.0, 1.6), random.between(0.3, 1.2), random.between(0.9, 1.5)};
    light.window_facing = unit(-light.window);
    light.window_power = mood.window * 0.3F;
    light.sun = unit({side * random.between(0.3, 0.7), random.between(0.1, 0.5), 0.9});
  }
  light.sun_blur = mood.sun.g > 0.5F ? random.between(0.02, 0.05) : 0.12;
  const Stage stage = stage_of(room);
  if (mood.sun.g > 0) cast_window(room, random, stage, side);
  cast_leaves(room, stage);
  if (evening && !lit_lamp(room)) add_spots(room);

  room.wall.relief = {side * 0.8, 0.6};
  room.lens.tint = {static_cast<float>(random.between(0.97, 1.03)), 1, static_cast<float>(random.between(0.95, 1.03))};
  room.lens.vignette = static_cast<float>(random.between(0.1, 0.24));
  room.lens.noise = static_cast<float>(random.between(0.5, 1.2));
  room.lens.salt = random.salt();
  expose(room, random);
}

}  // namespace vitrine
