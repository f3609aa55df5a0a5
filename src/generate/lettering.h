#pragma once

#include <string_view>

#include "generate/path.h"

namespace vitrine {

/// A drawn alphabet: A to Z, 0 to 9 and a few signs, each a few strokes of a round pen. Lower case is written as upper
/// case; what the alphabet lacks is left as a space.
struct Lettering {
  double height = 0.1;     ///< Of a capital, in units.
  double weight = 0.12;    ///< Width of the pen, as a share of the height.
  double tracking = 0.08;  ///< Space between letters, as a share of the height.
};

double width_of(std::string_view text, const Lettering& style);

/// The text with its baseline starting at `start`.
Path letters(std::string_view text, Point start, const Lettering& style);

/// The height at which the text is `width` wide.
double height_for(std::string_view text, double width, Lettering style);

}  // namespace vitrine
