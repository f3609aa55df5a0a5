#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// What makes a surface known as a place for artwork.
enum class Shows {
  hole,    ///< Transparent pixels that the scene encloses.
  key,     ///< A flat key colour.
  blank,   ///< A flat near-white, grey or black cut-out.
  plain,   ///< An empty surface with light on it.
  filled,  ///< Something is printed there already.
  given,   ///< Somebody said so.
};

VITRINE_EXPORT std::string_view name_of(Shows shows) noexcept;

/// One surface in a scene.
struct Region {
  Quad quad{};                     ///< Corners in scene pixels, clockwise from top left.
  std::string label = "surface";   ///< What it is: "surface", "opening", "frame", "screen", "print_area", …
  double confidence = 1;           ///< In [0, 1]: the share of such answers that are right.
  std::string detector = "given";  ///< Who found it.
  Shows shows = Shows::given;
  bool alternative = false;        ///< A runner-up for a surface that an earlier region stands for.
  std::string reason{};            ///< Why the detector believes, or half believes, in it; for people.
  std::optional<Image> mask{};     ///< gray8 of the scene's size: 255 where the surface itself is visible.
};

}  // namespace vitrine
