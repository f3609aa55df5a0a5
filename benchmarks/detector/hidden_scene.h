#pragma once

#include <cstdint>

#include "vitrine/image/region.h"

namespace vitrine::bench {

/// What a placeholder is painted over with.
enum class Paint { wall, art };

/// `scene` with its placeholder painted over, so that only the edges of the surface still show it: plain colour with a
/// little light on it, or a procedural artwork. `place` is the surface as it shows itself: a hole, key or blank.
Image hide_placeholder(ImageView scene, const Region& place, Paint paint, std::uint64_t seed);

}  // namespace vitrine::bench
