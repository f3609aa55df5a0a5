#include "generate/plant.h"

#include <array>
#include <cmath>

namespace vitrine {
namespace {

struct Habit {
  double spacing;   // leaves per leaf length of stem
  double turn;      // of a leaf away from its stem, radians
  double slimness;  // half width over length
  LeafShape::Profile profile;
};

Habit habit_of(PlantKind kind) {
  switch (kind) {
    case PlantKind::broad:
      return {0.45, 0.8, 0.25, LeafShape::Profile::pointed};
    case PlantKind::palm:
      return {0.17, 0.75, 0.05, LeafShape::Profile::strap};
    case PlantKind::eucalyptus:
      return {0.62, 1.1, 0.38, LeafShape::Profile::round};
    case PlantKind::olive:
      return {0.4, 0.7, 0.13, LeafShape::Profile::pointed};
  }
  return {0.4, 0.7, 0.13, LeafShape::Profile::pointed};
}

Vec3 jitter(Random& random, double size) {
  const double x = random.between(-size, size);
  const double y = random.between(-size, size);
  return {x, y, random.between(-size, size)};
}

// The stem bows sideways, most in its middle.
Vec3 on_stem(const Spray& spray, Vec3 bow, double s) {
  return spray.from + (spray.to - spray.from) * s + bow * (4 * s * (1 - s));
}

RoomLeaf make_leaf(Random& random, const Spray& spray, const Habit& habit, Vec3 root, Vec3 along) {
  RoomLeaf leaf;
  const double size = spray.leaf_length * random.between(0.75, 1.15);
  leaf.base = root;
  leaf.tip = root + unit(along + jitter(random, 0.22)) * size;
  leaf.across = unit(cross(leaf.tip - leaf.base, spray.facing + jitter(random, 0.7)));
  leaf.half_width = size * habit.slimness * random.between(0.85, 1.15);
  leaf.bend = random.between(-0.1, 0.1);
  leaf.profile = habit.profile;
  leaf.tone = static_cast<float>(random.between(0.55, 1.15));
  leaf.colour = mix(spray.green, from_hex(0xA9B56A), static_cast<float>(random.between(0, 0.28)));
  return leaf;
}

}  // namespace

Rgb make_green(Random& random, PlantKind kind) {
  if (kind == PlantKind::eucalyptus) return from_hex(random.chance(0.5) ? 0x7F9A8A : 0x93A79A);
  static constexpr std::array<std::uint32_t, 5> kGreens{0x3F6B3A, 0x56783F, 0x2F5A3C, 0x6B8A4A, 0x4A7350};
  return from_hex(random.pick(kGreens));
}

void add_spray(Room& room, Random& random, const Spray& spray) {
  const Habit habit = habit_of(spray.kind);
  const Vec3 whole = spray.to - spray.from;
  const double size = length(whole);
  const Vec3 along = whole * (1 / size);
  const Vec3 sideways = unit(cross(along, spray.facing));
  const Vec3 bow = sideways * (size * random.between(-0.12, 0.12));
  constexpr int kParts = 7;
  for (int i = 0; i < kParts; ++i) {
    RoomLeaf stem;
    stem.base = on_stem(spray, bow, static_cast<double>(i) / kParts);
    stem.tip = on_stem(spray, bow, (i + 1.04) / kParts);
    stem.across = sideways;
    stem.half_width = std::max(0.0012, size * 0.0055 * (1.1 - 0.8 * i / kParts));
    stem.profile = LeafShape::Profile::stem;
    stem.colour = mix(spray.green, from_hex(0x6B4E2E), spray.kind == PlantKind::palm ? 0.2F : 0.65F) * 0.7F;
    room.leaves.push_back(stem);
  }
  const int count = std::clamp(static_cast<int>(size / (spray.leaf_length * habit.spacing)), 3, 60);
  for (int i = 0; i <= count; ++i) {
    const double s = 0.2 + 0.8 * i / count;
    const Vec3 here = on_stem(spray, bow, s);
    const Vec3 ahead = unit(on_stem(spray, bow, s + 0.02) - here);
    const double taper = spray.kind == PlantKind::palm ? 0.45 + 2.2 * (s - 0.2) * (1.15 - s) : 1.12 - 0.35 * s;
    for (const double side : {-1.0, 1.0}) {
      if (spray.kind == PlantKind::broad && (i % 2 ? 1.0 : -1.0) != side) continue;
      const double turn = i == count ? 0.15 * side : side * habit.turn * random.between(0.75, 1.2);
      Spray scaled = spray;
      scaled.leaf_length *= taper;
      room.leaves.push_back(make_leaf(random, scaled, habit, here, turned(ahead, spray.facing, turn)));
    }
  }
}

void lay_sprig(Room& room, Random& random, Vec3 from, Vec3 to) {
  Spray spray;
  spray.kind = random.chance(0.5) ? PlantKind::eucalyptus : PlantKind::olive;
  spray.green = make_green(random, spray.kind);
  spray.from = from;
  spray.to = to;
  spray.leaf_length = random.between(0.035, 0.05);
  add_spray(room, random, spray);
}

void add_plant(Room& room, Random& random, const PlantPlan& plan) {
  const bool palm = plan.kind == PlantKind::palm;
  const Rgb green = make_green(random, plan.kind);
  const int stems = palm                            ? 6 + random.index(4)
                    : plan.kind == PlantKind::broad ? 3 + random.index(2)
                                                    : 4 + random.index(4);
  for (int i = 0; i < stems; ++i) {
    const double fan = stems == 1 ? 0 : (static_cast<double>(i) / (stems - 1) - 0.5) * 2;
    const double size = plan.height * random.between(0.75, 1.0) * (1 - 0.18 * fan * fan);
    const double angle = fan * (palm ? 0.95 : 0.42) + random.between(-0.1, 0.1);
    Spray spray;
    spray.from = plan.mouth + Vec3{random.between(-0.015, 0.015), -0.02, 0};
    spray.to = plan.mouth +
               Vec3{size * std::sin(angle) + plan.lean, size * std::cos(angle), size * random.between(-0.15, 0.25)};
    spray.facing = unit(Vec3{0, 0.15, 1} + Vec3{random.between(-0.3, 0.3), 0, 0});
    spray.kind = plan.kind;
    spray.green = green;
    switch (plan.kind) {
      case PlantKind::broad:
        spray.leaf_length = plan.height * random.between(0.26, 0.34);
        break;
      case PlantKind::palm:
        spray.leaf_length = plan.height * random.between(0.3, 0.4);
        break;
      case PlantKind::eucalyptus:
        spray.leaf_length = plan.height * random.between(0.085, 0.11);
        break;
      case PlantKind::olive:
        spray.leaf_length = plan.height * random.between(0.12, 0.16);
        break;
    }
    add_spray(room, random, spray);
  }
}

void add_pot(Room& room, Random& random, Vec3 mouth, double height) {
  Solid pot;
  pot.shape = SolidShape::cone;
  const double wide = std::max(0.045, height * random.between(0.36, 0.46));
  pot.pose.origin = mouth - Vec3{0, height / 2, 0};
  pot.half = {wide * random.between(0.7, 1.0), height / 2, wide};
  pot.material = room.add(make_ceramic(random));
  room.solids.push_back(pot);
}

}  // namespace vitrine
