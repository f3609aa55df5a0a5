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

/// Fits an artwork of `artwork_size` into `quad_in_scene`, taking the surface for a flat rectangle seen in perspective.
PlacementGeometry place(const Quad& quad_in_scene, Size scene_size, Size artwork_size, Fit fit);

/// The quad with each side moved outwards by `pixels`. Corners move no further than four times that.
Quad grown(const Quad& quad, double pixels);

}  // namespace vitrine
