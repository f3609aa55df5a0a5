#pragma once

#include <filesystem>

#include "vitrine/image/image.h"

namespace vitrine::bench {

/// The picture with grain, as a camera's has: without it a JPEG of a rendering has a quarter of a photo's bytes to decode.
Image with_grain(Image picture, int strength);

/// A poster of flat shapes with smooth edges.
Image make_flat_artwork(Size size);

/// What whole mockups are measured on: scene6.jpg (6 megapixels, quality 90), art16.jpg (16 megapixels, quality 92),
/// flat16.png and quad6.txt.
void write_mockup_inputs(const std::filesystem::path& folder);

}  // namespace vitrine::bench
