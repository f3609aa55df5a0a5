#pragma once

#include "generate/random.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// One artwork each, of the size asked for; see ArtworkStyle.
Image draw_line_art(Random& random, Size size);
Image draw_photo(Random& random, Size size);
Image draw_text(Random& random, Size size);
Image draw_transparent(Random& random, Size size);
Image draw_pattern(Random& random, Size size);
Image draw_abstract(Random& random, Size size);

}  // namespace vitrine
