#include <array>
#include <cmath>
#include <numbers>

#include "generate/furniture.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

Solid body(SolidShape shape, Vec3 middle, Vec3 half, int material) {
  Solid solid;
  solid.shape = shape;
  solid.pose.origin = middle;
  solid.half = half;
  solid.material = material;
  return solid;
}

// Lays a thing made for a floor onto the table plane: its y axis becomes z.
Solid laid(Solid solid, Vec3 place) {
  const Vec3 p = solid.pose.origin;
  solid.pose = turned(solid.pose, {1, 0, 0}, kPi / 2);
  solid.pose.origin = {place.x + p.x, place.y - p.z, place.z + p.y};
  return solid;
}

}  // namespace

void add_books(Room& room, Random& random, Vec3 place) {
  const int count = 2 + random.index(3);
  double y = place.y;
  static constexpr std::array<std::uint32_t, 8> kCovers{0xD9CDB8, 0x8C3F2E, 0x2F4858, 0xC7A252,
                                                        0x5B6B57, 0xE6E1D8, 0x20242A, 0xA88F86};
  for (int i = 0; i < count; ++i) {
    const double thick = random.between(0.018, 0.036);
    const int cover = room.add(make_lacquer(from_hex(random.pick(kCovers)), 0.04F));
    const Vec3 half{random.between(0.1, 0.14), thick / 2, random.between(0.075, 0.1)};
    const Vec3 middle{place.x + random.between(-0.01, 0.01), y + thick / 2, place.z};
    Solid book = body(SolidShape::box, middle, half, cover);
    book.rounding = 0.003;
    book.pose = turned(book.pose, {0, 1, 0}, random.between(-0.25, 0.25));
    room.solids.push_back(book);
    y += thick;
  }
}

void add_vase(Room& room, Random& random, Vec3 place, double height) {
  const int glaze = room.add(make_ceramic(random));
  const double wide = height * random.between(0.28, 0.42);
  if (random.chance(0.5)) {
    room.solids.push_back(
        body(SolidShape::ball, place + Vec3{0, height * 0.42, 0}, {wide, height * 0.42, wide}, glaze));
    room.solids.push_back(
        body(SolidShape::cone, place + Vec3{0, height * 0.86, 0}, {wide * 0.34, height * 0.14, wide * 0.42}, glaze));
  } else {
    room.solids.push_back(body(SolidShape::cone, place + Vec3{0, height * 0.5, 0},
                               {wide * 0.8, height * 0.5, wide * random.between(0.5, 0.95)}, glaze));
  }
}

void add_bowl(Room& room, Random& random, Vec3 place) {
  const double wide = random.between(0.09, 0.15);
  room.solids.push_back(
      body(SolidShape::cone, place + Vec3{0, 0.035, 0}, {wide * 0.45, 0.035, wide}, room.add(make_ceramic(random))));
}

void add_lamp(Room& room, Random& random, const LampPlan& plan) {
  const bool floor = plan.stand == Stand::floor;
  const int metal =
      room.add({Texture::metal, from_hex(random.chance(0.5) ? 0xB08D57 : 0x242424), {}, 0.1, 0.35F, random.salt(), {}});
  const float warm = plan.power > 0 ? 1.0F : 0.0F;
  Material shade{Texture::glow, from_hex(0xF3E3C8), {}, 0.1, 0, random.salt(), {}};
  // A lit shade is brighter than the room, but must not burn out.
  shade.second = from_hex(0xFFD9A0) * (0.9F * warm * std::min(1.0F, 2.0F * plan.power));
  const int cloth = room.add(shade);
  const double wide = floor ? random.between(0.17, 0.22) : random.between(0.11, 0.16);
  const double tall = wide * random.between(1.1, 1.5);
  const double pole = plan.height - tall;
  const std::size_t first = room.solids.size();
  room.solids.push_back(body(SolidShape::cone, plan.foot + Vec3{0, 0.012, 0}, {wide * 0.75, 0.012, wide * 0.7}, metal));
  if (floor || random.chance(0.4)) {
    room.solids.push_back(body(SolidShape::cone, plan.foot + Vec3{0, pole / 2, 0}, {0.011, pole / 2, 0.011}, metal));
  } else {
    const int glaze = room.add(make_ceramic(random));
    room.solids.push_back(
        body(SolidShape::ball, plan.foot + Vec3{0, pole * 0.45, 0}, {wide * 0.62, pole * 0.45, wide * 0.62}, glaze));
    room.solids.push_back(
        body(SolidShape::cone, plan.foot + Vec3{0, pole * 0.9, 0}, {0.014, pole * 0.12, 0.012}, metal));
  }
  room.solids.push_back(body(SolidShape::cone, plan.foot + Vec3{0, pole + tall / 2, 0},
                             {wide, tall / 2, wide * random.between(0.6, 0.92)}, cloth));
  for (std::size_t i = first; i < room.solids.size(); ++i) room.solids[i].foreground = plan.foreground;
  if (plan.power > 0) {
    Lamp lamp;
    lamp.place = plan.foot + Vec3{0, pole + tall * 0.5, 0};
    lamp.power = from_hex(0xFFC98A) * (0.2F * plan.power);
    lamp.spread = 0.5;
    room.light.lamps.push_back(lamp);
  }
}

void add_cup(Room& room, Random& random, Vec3 place) {
  const int glaze = room.add(make_ceramic(random));
  const int coffee = room.add(make_lacquer(from_hex(0x3A2215), 0.12F));
  room.solids.push_back(laid(body(SolidShape::cone, {0, 0.006, 0}, {0.05, 0.006, 0.075}, glaze), place));
  room.solids.push_back(laid(body(SolidShape::cone, {0, 0.045, 0}, {0.028, 0.035, 0.042}, glaze), place));
  room.solids.push_back(laid(body(SolidShape::cone, {0, 0.0807, 0}, {0.037, 0.0008, 0.037}, coffee), place));
  Solid handle = laid(body(SolidShape::box, {0.052, 0.05, 0}, {0.016, 0.016, 0.005}, glaze), place);
  handle.rounding = 0.005;
  room.solids.push_back(handle);
}

void add_pencil(Room& room, Random& random, Vec3 place, double angle) {
  static constexpr std::array<std::uint32_t, 5> kPaints{0xC9A13B, 0x2D2F33, 0xB4563D, 0x4C6A63, 0xE4DCCB};
  const int paint = room.add(make_lacquer(from_hex(random.pick(kPaints)), 0.12F));
  const int tip = room.add(make_lacquer(from_hex(0xDDBB8E), 0));
  Solid shaft = body(SolidShape::cone, {0, 0, 0}, {0.0038, 0.08, 0.0038}, paint);
  shaft.pose = turned(shaft.pose, {0, 0, 1}, angle);
  shaft.pose.origin = place + Vec3{0, 0, 0.004};
  Solid point = body(SolidShape::cone, {0, 0, 0}, {0.0038, 0.009, 0.0006}, tip);
  point.pose = shaft.pose;
  point.pose.origin = shaft.pose.origin + shaft.pose.y * 0.089;
  room.solids.push_back(shaft);
  room.solids.push_back(point);
}

void add_pebbles(Room& room, Random& random, Vec3 place) {
  const int count = 2 + random.index(3);
  for (int i = 0; i < count; ++i) {
    const double size = random.between(0.012, 0.026);
    const Vec3 at = place + Vec3{random.between(-0.05, 0.05), random.between(-0.05, 0.05), size * 0.5};
    Solid pebble = body(SolidShape::ball, at, {size * 1.3, size, size * 0.55}, room.add(make_ceramic(random)));
    pebble.pose = turned(pebble.pose, {0, 0, 1}, random.between(0, kPi));
    room.solids.push_back(pebble);
  }
}

}  // namespace vitrine
