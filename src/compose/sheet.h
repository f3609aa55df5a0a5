#pragma once

#include <array>
#include <optional>
#include <vector>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "compose/surface_fit.h"
#include "vitrine/compose/look.h"
#include "vitrine/image/homography.h"

namespace vitrine {

/// What is laid over a flat artwork before it goes into the scene: a mat with its cut, the shadow of the frame, the
/// frame's lip. All of it lies in the plane of the surface, so that it is seen in the right perspective.
class Sheet {
 public:
  /// `geometry` as place() gives it for the same fit.
  Sheet(const Quad& region, Size scene_size, const PlacementGeometry& geometry, Fit fit, const Look& look);

  /// True if finish() would change nothing.
  bool plain() const { return !mat_ && !shadow_ && lip_.empty(); }

  /// Lays it over a tile of filtered artwork, in place: `rgba` as Warp::run() leaves it.
  void finish(const Rect& rect, float* rgba) const;

 private:
  struct Strip {  // a side of a slanted cut
    Coverage area;
    LinearColor color;
  };
  struct Window {  // of a mat
    Coverage opening;
    std::vector<Strip> cut;
    LinearColor board;
  };
  struct Shadow {
    Point fall;  // where the frame's edge throws its shadow, from the edge
    double softness;
    float strength;
  };

  std::vector<Strip> strips(const Quad& outer, const Quad& inner, const LinearColor& color, double light_from) const;
  void add_mat(const Look& look, const Quad& window);
  void lay_mat(int x, int y, float* pixel) const;
  float light_at(int x, int y) const;

  Homography scene_from_surface_;  // the surface's shorter side is 1 long
  Homography surface_from_scene_;
  Point extent_;  // of the surface
  std::optional<Window> mat_;
  std::optional<Shadow> shadow_;
  std::vector<Strip> lip_;
};

}  // namespace vitrine
