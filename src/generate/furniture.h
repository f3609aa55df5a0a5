#pragma once

#include "generate/room.h"

namespace vitrine {

/// Adds to a room; each stands on the floor against the wall z = 0, its middle at `x`. What has a top returns its
/// height.
void add_baseboard(Room& room, Random& random);
void add_sofa(Room& room, Random& random, double x, double width);
void add_bed(Room& room, Random& random, double x);
double add_console(Room& room, Random& random, double x, double width);
double add_desk(Room& room, Random& random, double x, double width);
double add_shelf(Room& room, Random& random, double x, double height);

/// Add small things on a top at height `y`.
void add_books(Room& room, Random& random, Vec3 place);
void add_vase(Room& room, Random& random, Vec3 place, double height);
void add_bowl(Room& room, Random& random, Vec3 place);

/// Lamps shine: they add to room.light too, with `power` at one metre.
enum class Stand { floor, table };
struct LampPlan {
  Vec3 foot;
  double height = 1.5;
  Stand stand = Stand::floor;
  float power = 0.5F;
  bool foreground = false;
};
void add_lamp(Room& room, Random& random, const LampPlan& plan);

/// Things around a sheet on a table seen from above.
void add_cup(Room& room, Random& random, Vec3 place);
void add_pencil(Room& room, Random& random, Vec3 place, double angle);
void add_pebbles(Room& room, Random& random, Vec3 place);

}  // namespace vitrine
