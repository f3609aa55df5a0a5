#pragma once

#include "generate/room.h"

namespace vitrine {

enum class PlantKind { broad, palm, eucalyptus, olive };

/// A bowed stem with its leaves, roughly facing a viewer.
struct Spray {
  Vec3 from;
  Vec3 to;
  Vec3 facing{0, 0, 1};
  PlantKind kind = PlantKind::olive;
  double leaf_length = 0.1;
  Rgb green;
};

Rgb make_green(Random& random, PlantKind kind);
void add_spray(Room& room, Random& random, const Spray& spray);

/// A short branch that lies on a table.
void lay_sprig(Room& room, Random& random, Vec3 from, Vec3 to);

/// Sprays that fan out of a pot or vase at `mouth`, up to `height` above it.
struct PlantPlan {
  Vec3 mouth;
  double height = 0.6;
  double lean = 0;  ///< How far the fan's middle goes to the right over its height.
  PlantKind kind = PlantKind::olive;
};
void add_plant(Room& room, Random& random, const PlantPlan& plan);

/// A pot on the floor or a vase on a top with its mouth at `mouth`.
void add_pot(Room& room, Random& random, Vec3 mouth, double height);

}  // namespace vitrine
