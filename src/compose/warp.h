#pragma once

#include <vector>

#include "compose/artwork_levels.h"
#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "compose/warp_kernel.h"

namespace vitrine {

/// A piece of the scene that is filtered from one window of one artwork level.
struct WarpTile {
  Rect rect;  ///< Scene pixels.
  Level level;
  Rect window;  ///< Texels of the level.
  Sampling sampling = Sampling::separable;
};

/// Scratch memory of one thread, kept from tile to tile.
struct WarpScratch {
  Window window;
  std::vector<float> rgba;
};

/// The map of one artwork into the scene, cut into tiles whose windows fit the cache.
class Warp {
 public:
  /// Plans the tiles of `target` that touch `shown`, and makes the levels they read. Borrows `levels`.
  Warp(ArtworkLevels& levels, const PlacementGeometry& geometry, const Quad& shown, Rect target);

  const std::vector<WarpTile>& tiles() const { return tiles_; }

  /// Filters the tile into scratch.rgba: rows of tile.rect.width pixels of linear light, premultiplied. Pixels outside
  /// the artwork continue its border.
  void run(const WarpTile& tile, WarpScratch& scratch) const;

 private:
  void plan(Rect rect);
  bool place_window(WarpTile& tile) const;

  ArtworkLevels& levels_;
  Homography artwork_from_scene_;
  Quad source_;
  Quad shown_;
  Coverage coverage_;
  std::vector<WarpTile> tiles_;
};

}  // namespace vitrine
