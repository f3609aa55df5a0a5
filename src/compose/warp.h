#pragma once

#include <vector>

#include "compose/artwork_levels.h"
#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "compose/warp_kernel.h"
#include "compose/warp_scratch.h"

namespace vitrine {

/// A piece of the scene that is filtered from one window of one artwork level.
struct WarpTile {
  Rect rect;  ///< Scene pixels.
  Level level;
  Rect window;  ///< Texels of the level.
  Sampling sampling = Sampling::separable;
};

/// The map of one artwork into the scene, cut into tiles whose windows fit the cache.
class Warp {
 public:
  /// Plans the tiles of `target` that touch `shown`. Borrows `levels`.
  Warp(const ArtworkLevels& levels, const PlacementGeometry& geometry, const Quad& shown, Rect target);

  const std::vector<WarpTile>& tiles() const { return tiles_; }

  /// Filters the tile into scratch.rgba: rows of tile.rect.width pixels of linear light, premultiplied, four floats each.
  /// Pixels outside the artwork continue its border; those that do not touch `shown` are left as they were.
  /// Meanwhile fetches into the cache what `next`, if there is one, will read.
  void run(const WarpTile& tile, WarpScratch& scratch, const WarpTile* next = nullptr) const;

 private:
  void plan(Rect rect);
  bool place_window(WarpTile& tile) const;
  Homography window_from_scene(const WarpTile& tile) const;
  std::int16_t* load_window(const WarpTile& tile, const Homography& window_from_scene, std::ptrdiff_t stride,
                            WarpScratch& scratch) const;
  void expect(const WarpTile& tile, RowFetch& ahead) const;

  const ArtworkLevels& levels_;
  Homography artwork_from_scene_;
  Quad source_;
  Quad shown_;
  Coverage coverage_;
  std::vector<WarpTile> tiles_;
};

}  // namespace vitrine
