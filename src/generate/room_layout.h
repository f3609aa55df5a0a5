#pragma once

#include "generate/room.h"

namespace vitrine {

/// What a room's own layout leaves to the photographer.
struct Framing {
  Vec3 target;              ///< What the camera looks at.
  double share = 0.5;       ///< How much of the picture's height or width the panels take, at most.
  double pitch = 0;         ///< Wanted, radians; cut to what the tilt allows.
  double facing_pitch = 0;  ///< How far the panels themselves lean back, radians.
  bool any_side = false;    ///< The camera may lean to all sides (a table), not only left and right.
  double ground = 0;        ///< Height that something in front of the first panel can stand on.
};

/// One room each: they add the panels and what stands around them, but no camera and no light.
Framing lay_out_wall(Room& room, Random& random, const SceneOptions& options);
Framing lay_out_desk(Room& room, Random& random, const SceneOptions& options);
Framing lay_out_table(Room& room, Random& random, const SceneOptions& options);

/// Panels with bars, mat and paper chosen; they still need a place.
Panel make_panel(Random& random, PanelKind kind, double width, double height);
PanelKind choose_kind(Random& random);

/// Camera, then light for what it sees.
void place_camera(Room& room, Random& random, const SceneOptions& options, const Framing& framing);

/// Puts a plant or a lamp before a part of the first panel, as the camera sees it.
void cover_part(Room& room, Random& random, const Framing& framing);
void light_room(Room& room, Random& random);

/// Side that the light comes from: -1 left, 1 right.
double light_side(const Room& room);

}  // namespace vitrine
