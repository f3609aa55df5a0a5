#include "generate/furniture.h"

#include <array>
#include <cmath>

namespace vitrine {
namespace {

Solid box(Vec3 middle, Vec3 half, double rounding, int material) {
  Solid solid;
  solid.pose.origin = middle;
  solid.half = half;
  solid.rounding = std::min({rounding, half.x * 0.98, half.y * 0.98, half.z * 0.98});
  solid.material = material;
  return solid;
}

Solid cone(Vec3 foot, double bottom, double top, double height, int material) {
  Solid solid;
  solid.shape = SolidShape::cone;
  solid.pose.origin = foot + Vec3{0, height / 2, 0};
  solid.half = {bottom, height / 2, top};
  solid.material = material;
  return solid;
}

void add_legs(Room& room, Vec3 middle, Vec3 reach, double height, int material) {
  for (const double x : {-1.0, 1.0})
    for (const double z : {-1.0, 1.0})
      room.solids.push_back(cone({middle.x + x * reach.x, 0, middle.z + z * reach.z}, 0.014, 0.022, height, material));
}

void add_cushion(Room& room, Random& random, Vec3 middle, double size, double lean, int material) {
  Solid cushion = box(middle, {size / 2, size / 2, 0.075}, 0.074, material);
  cushion.pose = turned(cushion.pose, {1, 0, 0}, -lean);
  cushion.pose = turned(cushion.pose, {0, 0, 1}, random.between(-0.12, 0.12));
  room.solids.push_back(cushion);
}

}  // namespace

void add_baseboard(Room& room, Random& random) {
  const bool white = random.chance(0.7);
  const int material = room.add(make_lacquer(white ? from_hex(0xEFECE6) : room.wall.colour * 0.9F, 0.05F));
  const double height = random.between(0.07, 0.14);
  Solid board = box({0, height / 2, 0.008}, {20, height / 2, 0.008}, 0.005, material);
  board.casts = false;
  room.solids.push_back(board);
}

void add_sofa(Room& room, Random& random, double x, double width) {
  const int cloth = room.add(make_fabric(random));
  const int legs = room.add(make_wood(random));
  const double seat = random.between(0.4, 0.45);
  const double back = random.between(0.72, 0.84);
  const double depth = random.between(0.82, 0.95);
  const double arm = random.between(0.1, 0.2);
  const double z = 0.06 + depth / 2;
  room.solids.push_back(box({x, 0.22, z}, {width / 2, 0.1, depth / 2}, 0.03, cloth));
  room.solids.push_back(
      box({x, back / 2 + 0.06, 0.06 + 0.1}, {width / 2 - arm * 0.5, back / 2 - 0.06, 0.1}, 0.06, cloth));
  const int seats = width > 1.9 ? 3 : 2;
  const double one = (width - 2 * arm) / seats;
  for (int i = 0; i < seats; ++i) {
    const double middle = x - width / 2 + arm + one * (i + 0.5);
    room.solids.push_back(
        box({middle, seat - 0.06, z + 0.04}, {one / 2 - 0.004, 0.085, depth / 2 - 0.03}, 0.05, cloth));
    Solid rest =
        box({middle, (seat + back) / 2 + 0.04, 0.33}, {one / 2 - 0.006, (back - seat) / 2 + 0.02, 0.09}, 0.08, cloth);
    rest.pose = turned(rest.pose, {1, 0, 0}, -0.16);
    room.solids.push_back(rest);
  }
  const double arm_height = random.between(0.56, 0.64);
  for (const double side : {-1.0, 1.0})
    room.solids.push_back(box({x + side * (width / 2 - arm / 2), arm_height / 2 + 0.06, z},
                              {arm / 2, arm_height / 2 - 0.06, depth / 2}, 0.06, cloth));
  add_legs(room, {x, 0, z}, {width / 2 - 0.1, 0, depth / 2 - 0.08}, 0.13, legs);
  const int pillows = 1 + random.index(3);
  for (int i = 0; i < pillows; ++i) {
    const double side = i % 2 ? 1 : -1;
    const double size = random.between(0.38, 0.48);
    const double off = width / 2 - arm - size / 2 - 0.02 - (i / 2) * 0.3;
    add_cushion(room, random, {x + side * off, seat + size / 2 - 0.005, 0.52 + 0.05 * i}, size, 0.3,
                room.add(make_fabric(random)));
  }
}

void add_bed(Room& room, Random& random, double x) {
  const double width = random.between(1.5, 1.9);
  const double head = random.between(0.95, 1.15);
  const bool wooden = random.chance(0.4);
  const int board = room.add(wooden ? make_wood(random) : make_fabric(random));
  const int sheet =
      room.add({Texture::linen, from_hex(random.chance(0.6) ? 0xEFEBE4 : 0xD9DCDD), {}, 0.004, 0, random.salt(), {}});
  const int throw_cloth = room.add(make_fabric(random));
  room.solids.push_back(box({x, head / 2, 0.06}, {width / 2 + 0.06, head / 2, 0.045}, wooden ? 0.012 : 0.04, board));
  room.solids.push_back(box({x, 0.22, 1.1}, {width / 2, 0.12, 1.0}, 0.03, board));
  room.solids.push_back(box({x, 0.44, 1.1}, {width / 2 - 0.02, 0.12, 1.0}, 0.09, sheet));
  room.solids.push_back(box({x, 0.52, 1.35}, {width / 2 + 0.03, 0.1, 0.76}, 0.095, sheet));
  room.solids.push_back(box({x, 0.53, 1.7}, {width / 2 + 0.045, 0.1, 0.3}, 0.095, throw_cloth));
  for (const double side : {-1.0, 1.0}) {
    for (int row = 0; row < 2; ++row) {
      Solid pillow = box({x + side * width * 0.25, 0.7 + 0.02 * row, 0.22 + 0.17 * row},
                         {width * 0.22, 0.2 - 0.02 * row, 0.085}, 0.084, row ? sheet : throw_cloth);
      pillow.pose = turned(pillow.pose, {1, 0, 0}, -0.35 - 0.1 * row);
      pillow.pose = turned(pillow.pose, {0, 0, 1}, random.between(-0.05, 0.05));
      room.solids.push_back(pillow);
    }
  }
  if (random.chance(0.7)) {
    const int cloth = room.add(make_fabric(random));
    add_cushion(room, random, {x + random.between(-0.1, 0.1), 0.72, 0.56}, 0.36, 0.5, cloth);
  }
}

double add_console(Room& room, Random& random, double x, double width) {
  const bool lacquered = random.chance(0.4);
  static constexpr std::array<std::uint32_t, 5> kColours{0xEDEAE4, 0x39403F, 0x7F8C7A, 0xC9B79F, 0x2E3B49};
  const Material face = lacquered ? make_lacquer(from_hex(random.pick(kColours)), 0.06F) : make_wood(random);
  const int body = room.add(face);
  Material darker = face;
  darker.colour = face.colour * 0.25F;
  darker.second = face.second * 0.25F;
  const int gap = room.add(darker);
  const int metal =
      room.add({Texture::metal, from_hex(random.chance(0.5) ? 0xB08D57 : 0x2B2B2B), {}, 0.1, 0.4F, random.salt(), {}});
  const double foot = random.between(0.12, 0.22);
  const double top = random.between(0.66, 0.82);
  const double depth = 0.42;
  const double z = depth / 2 + 0.02;
  room.solids.push_back(box({x, (foot + top) / 2, z - 0.01},
                            {width / 2 - 0.012, (top - foot) / 2 - 0.015, depth / 2 - 0.012}, 0.004, gap));
  room.solids.push_back(box({x, top - 0.012, z}, {width / 2 + 0.005, 0.012, depth / 2 + 0.005}, 0.005, body));
  const int doors = 2 + random.index(3);
  const double one = width / doors;
  for (int i = 0; i < doors; ++i) {
    const double middle = x - width / 2 + one * (i + 0.5);
    room.solids.push_back(box({middle, (foot + top) / 2 - 0.012, z},
                              {one / 2 - 0.002, (top - foot) / 2 - 0.016, depth / 2}, 0.006, body));
    const double knob = middle + (i % 2 ? -1 : 1) * (one / 2 - 0.045);
    room.solids.push_back(box({knob, top - 0.16, z + depth / 2 + 0.012}, {0.007, 0.045, 0.012}, 0.006, metal));
  }
  add_legs(room, {x, 0, z}, {width / 2 - 0.07, 0, depth / 2 - 0.06}, foot, metal);
  return top;
}

double add_desk(Room& room, Random& random, double x, double width) {
  const int top_material = room.add(make_wood(random));
  const int legs = room.add(random.chance(0.5) ? make_lacquer(from_hex(0x26272A), 0.1F) : make_wood(random));
  const double top = 0.74;
  room.solids.push_back(box({x, top - 0.016, 0.36}, {width / 2, 0.016, 0.34}, 0.008, top_material));
  for (const double side : {-1.0, 1.0})
    for (const double z : {0.08, 0.64})
      room.solids.push_back(
          box({x + side * (width / 2 - 0.06), top / 2 - 0.016, z}, {0.022, top / 2 - 0.016, 0.022}, 0.006, legs));
  return top;
}

double add_shelf(Room& room, Random& random, double x, double height) {
  const int board = room.add(make_wood(random));
  room.solids.push_back(box({x, height - 0.017, 0.1}, {random.between(0.4, 0.6), 0.017, 0.1}, 0.005, board));
  return height;
}

}  // namespace vitrine
