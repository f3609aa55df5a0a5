#pragma once

#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// How the artwork fills its region.
enum class Fit {
  cover,    ///< Fills it; what is too much is cut off evenly on both sides.
  contain,  ///< Shown whole, centred; the surface shows around it.
  stretch,  ///< Corner to corner, whatever the ratio.
};

VITRINE_EXPORT std::string_view name_of(Fit fit) noexcept;

/// Whose light falls on the artwork.
enum class Light {
  natural,  ///< The scene's, where the region shows it: its shading multiplies the artwork.
  flat,     ///< None: the artwork's own colours.
};

VITRINE_EXPORT std::string_view name_of(Light light) noexcept;

/// How the artwork sits in the scene. Plain data.
struct Look {
  Light light = Light::natural;
  double opacity = 1;  ///< In [0, 1], on top of the artwork's own alpha.
};

}  // namespace vitrine
