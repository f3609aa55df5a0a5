#pragma once

#include "vitrine/compose/look.h"
#include "vitrine/image/geometry.h"
#include "vitrine/image/homography.h"

namespace vitrine {

/// Where an artwork lands.
struct PlacementGeometry {
  Quad shown;                     ///< The part of the scene that it fills.
  Homography artwork_from_scene;  ///< In artwork pixels.
  Quad source;                    ///< The part of the artwork that is shown, an upright rectangle.
};

/// Which part of a surface an artwork fills, and which part of the artwork does so: upright rectangles in the unit square.
struct UnitFit {
  Quad shown;
  Quad part;
};

/// Fits an artwork into a surface of the ratio `surface`, width over height. `mat_width`, for Fit::mat: of the narrowest
/// border, as a share of the surface's shorter side.
UnitFit fit_in_unit(double surface, Size artwork_size, Fit fit, double mat_width = 0);

/// Fits an artwork of `artwork_size` into `quad_in_scene`, taking the surface for a flat rectangle seen in perspective.
PlacementGeometry place(const Quad& quad_in_scene, Size scene_size, Size artwork_size, Fit fit, double mat_width = 0);

/// The unit square, as a quad.
inline constexpr Quad kUnitSquare{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}};

/// The quad with each side moved outwards by `pixels`. Corners move no further than four times that.
Quad grown(const Quad& quad, double pixels);

}  // namespace vitrine
