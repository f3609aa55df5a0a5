#pragma once

#include <cstddef>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// Bytes that work on pictures takes at its peak, known from their sizes before anything is decoded. Measured with the
/// perspective compositor and the surface detector, rounded up; docs/pipeline.md has the figures.
std::size_t bytes_for_artwork(Size size);  ///< Decoded, with its reduced levels.
std::size_t bytes_for_scene(Size size);    ///< Decoded, detected, prepared, rendered and encoded.

}  // namespace vitrine
