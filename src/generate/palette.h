#pragma once

#include <array>

#include "generate/colour.h"
#include "generate/random.h"

namespace vitrine {

/// Colours that go together: a paper, an ink that reads on it, and four to play with, dark and light among them.
struct Palette {
  Rgb paper;
  Rgb ink;
  std::array<Rgb, 4> colours;
};

Palette choose_palette(Random& random);

}  // namespace vitrine
