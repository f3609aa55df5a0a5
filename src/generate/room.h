#pragma once

#include <string>
#include <vector>

#include "generate/camera.h"
#include "generate/leaf.h"
#include "generate/light.h"
#include "generate/material.h"
#include "generate/panel.h"
#include "generate/solid.h"
#include "generate/visibility.h"
#include "vitrine/generate/procedural_scene.h"

namespace vitrine {

/// A leaf or stem in the room; it hides what is behind it.
struct RoomLeaf {
  Vec3 base;
  Vec3 tip;
  Vec3 across;  ///< Unit, in the leaf's plane.
  double half_width = 0.02;
  double bend = 0;
  LeafShape::Profile profile = LeafShape::Profile::pointed;
  Rgb colour;
  float tone = 1;  ///< How it is turned to the light.
};

/// What the photographer's camera adds.
struct Lens {
  float exposure = 1;
  Rgb tint{1, 1, 1};
  float vignette = 0.2F;
  float noise = 0.005F;
  std::uint32_t salt = 0;
};

/// A room, or a table seen from above: the plane z = 0 carries the panels, and furniture stands around them.
struct Room {
  Camera camera;
  RoomLight light;
  Lens lens;
  std::vector<Material> materials;  ///< Those of the solids.
  std::vector<Solid> solids;
  std::vector<Panel> panels;
  std::vector<RoomLeaf> leaves;
  Material wall;
  Material floor;
  bool has_floor = true;  ///< The plane y = 0; false: a table seen from above.
  double ceiling = 2.8;
  double side_wall = 0;  ///< x of a wall across; 0: none.
  VisibilityMap wall_visibility;
  VisibilityMap floor_visibility;
  VisibilityMap panel_visibility;  ///< On the first panel, if it is not flush.
  std::string description;

  /// Where the bodies, leaves and lamps of one small thing begin; it ends where the next begins.
  struct Thing {
    std::size_t solid;
    std::size_t leaf;
    std::size_t lamp;
  };
  std::vector<Thing> things;

  /// What is added from here on can be taken away again if it hides a surface.
  void start_thing() { things.push_back({solids.size(), leaves.size(), light.lamps.size()}); }

  int add(const Material& material) {
    materials.push_back(material);
    return static_cast<int>(materials.size()) - 1;
  }
};

/// `room` without the small things that hide a panel's opening.
Room keep_clear(Room room);

/// What stands around, panels that lean included, as far as shadows ask.
std::vector<Solid> blockers_of(const Room& room);

/// Everything about the room but its pixels, from the options alone.
Room make_room(const SceneOptions& options);

}  // namespace vitrine
