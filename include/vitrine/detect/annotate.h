#pragma once

#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

/// The scene as rgb8 with the answer drawn on it: surfaces in solid lines with number, label and confidence, the first
/// corner marked; runners-up and rejected candidates in thin lines; the reason at the foot when it abstains.
/// Transparency is shown as a checkerboard.
VITRINE_EXPORT Image annotate(ImageView scene, const Detection& detection);

}  // namespace vitrine
