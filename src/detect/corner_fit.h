#pragma once

#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// What the sides of a quad are fitted to.
enum class EdgeSignal { color, alpha };

/// `quad` with each side moved, within `reach` pixels, onto the line along which the 8-bit `scene` changes most, in
/// its full resolution: corners come to a fraction of a pixel. Where there is nothing to fit to, the side stays.
Quad fit_corners(ImageView scene, const Quad& quad, double reach, EdgeSignal signal);

}  // namespace vitrine
