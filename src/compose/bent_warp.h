#pragma once

#include <memory>
#include <vector>

#include "compose/bend.h"
#include "compose/warp.h"

namespace vitrine {

/// An artwork on a surface that is not flat: the scene is cut into cells so small that a homography of its own, through
/// its four corners, follows the surface in each.
class BentWarp {
 public:
  struct Cell {
    Warp warp;
    Quad source;
    Homography artwork_from_scene;
  };

  /// Borrows `levels`. Makes all of `area`, in scene pixels; beside the surface there is nothing to see in it.
  BentWarp(const ArtworkLevels& levels, const Bend& bend, const UnitFit& fit, Size artwork_size, Rect area);

  const std::vector<std::unique_ptr<const Cell>>& cells() const { return cells_; }

  /// Takes the part of a tile away that lies beside the surface: `rgba` as Warp::run() leaves it.
  static void cut(const Cell& cell, const Rect& rect, float* rgba);

 private:
  std::vector<std::unique_ptr<const Cell>> cells_;
};

}  // namespace vitrine
