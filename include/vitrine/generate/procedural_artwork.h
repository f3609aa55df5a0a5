#pragma once

#include <cstdint>
#include <string_view>

#include "vitrine/base/export.h"
#include "vitrine/image/image.h"

namespace vitrine {

enum class ArtworkStyle { line_art, photo, text, transparent, pattern, abstract };

VITRINE_EXPORT std::string_view name_of(ArtworkStyle style) noexcept;

struct ArtworkOptions {
  std::uint64_t seed = 0;
  Size size{1500, 2000};
  ArtworkStyle style = ArtworkStyle::abstract;
};

/// A picture to hang, made from a seed; rgba8 for `transparent`, else rgb8. Same options, same pixels. Throws
/// std::invalid_argument for sides outside 16 to 16384 pixels.
VITRINE_EXPORT Image make_procedural_artwork(const ArtworkOptions& options);

}  // namespace vitrine
