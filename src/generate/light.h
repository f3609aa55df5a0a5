#pragma once

#include <vector>

#include "generate/colour.h"
#include "generate/shade_map.h"
#include "generate/vec3.h"

namespace vitrine {

/// A small warm source: a bulb in a shade, or a spot over a picture.
struct Lamp {
  Vec3 place;
  Rgb power;
  Vec3 axis{0, -1, 0};  ///< Where its cones point; the shade lets light out both ways along it.
  double spread = 0;    ///< Cosine of the cone's half angle; 0: light on all sides.
  bool both_ways = true;
};

/// What lights a room. All directions point from the lit point to the light.
struct RoomLight {
  Vec3 up{0, 1, 0};
  Rgb ambient{0.3F, 0.3F, 0.3F};
  Vec3 window;         ///< Middle of a large soft window.
  Vec3 window_facing;  ///< Unit, into the room.
  Rgb window_power;
  Vec3 sun{0, 0, 1};  ///< Unit.
  Rgb sun_power;
  double sun_blur = 0.04;  ///< Width of a shadow's edge per metre of distance.
  ShadeMap shade;          ///< What the sun meets outside, on the plane z = 0.
  ShadeMap plants;         ///< Shadow of the room's own leaves there.
  std::vector<Lamp> lamps;
};

/// Share of each kind of light that reaches a point past what stands around it.
struct Visibility {
  float sky = 1;
  float window = 1;
  float sun = 1;
};

/// Light that a white diffuse surface at `p` with unit normal `n` sends, before exposure.
Rgb light_at(const RoomLight& light, Vec3 p, Vec3 n, Visibility visibility);

/// What a mirror would show in direction `d`, roughly: a bright window in a room of light walls.
Rgb reflected_room(const RoomLight& light, Vec3 p, Vec3 d);

}  // namespace vitrine
