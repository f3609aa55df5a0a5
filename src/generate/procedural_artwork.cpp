#include "vitrine/generate/procedural_artwork.h"

#include <stdexcept>
#include <string>

#include "generate/artwork.h"

namespace vitrine {

std::string_view name_of(ArtworkStyle style) noexcept {
  switch (style) {
    case ArtworkStyle::line_art:
      return "line_art";
    case ArtworkStyle::photo:
      return "photo";
    case ArtworkStyle::text:
      return "text";
    case ArtworkStyle::transparent:
      return "transparent";
    case ArtworkStyle::pattern:
      return "pattern";
    case ArtworkStyle::abstract:
      return "abstract";
  }
  return "unknown";
}

Image make_procedural_artwork(const ArtworkOptions& options) {
  const auto side_ok = [](int side) { return side >= 16 && side <= 16384; };
  if (!side_ok(options.size.width) || !side_ok(options.size.height))
    throw std::invalid_argument("An artwork of " + std::to_string(options.size.width) + " x " +
                                std::to_string(options.size.height) +
                                " pixels was asked for; sides from 16 to 16384 can be made.");
  Random random(options.seed);
  switch (options.style) {
    case ArtworkStyle::line_art:
      return draw_line_art(random, options.size);
    case ArtworkStyle::photo:
      return draw_photo(random, options.size);
    case ArtworkStyle::text:
      return draw_text(random, options.size);
    case ArtworkStyle::transparent:
      return draw_transparent(random, options.size);
    case ArtworkStyle::pattern:
      return draw_pattern(random, options.size);
    case ArtworkStyle::abstract:
      return draw_abstract(random, options.size);
  }
  throw std::invalid_argument("ArtworkOptions::style has no known value; use one of ArtworkStyle.");
}

}  // namespace vitrine
