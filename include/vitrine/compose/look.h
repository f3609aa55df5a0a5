#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// How the artwork fills its region.
enum class Fit {
  cover,    ///< Fills it; what is too much is cut off evenly on both sides.
  contain,  ///< Shown whole, centred; the surface shows around it.
  stretch,  ///< Corner to corner, whatever the ratio.
  mat,      ///< Shown whole in a window of its own ratio, cut into a board that fills the region: Look::mat.
};

VITRINE_EXPORT std::string_view name_of(Fit fit) noexcept;

/// Whose light falls on the artwork.
enum class Light {
  natural,  ///< The scene's, where the region shows it: its shading multiplies the artwork.
  flat,     ///< None: the artwork's own colours.
};

VITRINE_EXPORT std::string_view name_of(Light light) noexcept;

/// How the artwork's colour and the surface's own mix: W3C Compositing and Blending Level 1, section 9.1. All but
/// `normal` take their light from the surface's pixels, so Look::light does nothing there; behind a hole and in the place
/// of a key colour there is nothing to mix with, and all are `normal`.
enum class Blend { normal, multiply, screen, overlay, soft_light, hard_light, darken, lighten };

VITRINE_EXPORT std::string_view name_of(Blend blend) noexcept;

/// The values that Blend's formulas and the artwork's opacity work on. `normal` always mixes in linear light.
enum class BlendSpace {
  encoded,  ///< sRGB values, as browsers and editors do: the definition.
  linear,   ///< Linear light.
};

VITRINE_EXPORT std::string_view name_of(BlendSpace space) noexcept;

using Rgb8 = std::array<std::uint8_t, 3>;  ///< sRGB-encoded.

/// The board of Fit::mat. Lengths are shares of the surface's shorter side.
struct Mat {
  Rgb8 color{244, 241, 234};
  double width = 0.08;   ///< Of the narrowest border, in [0, 0.4].
  double bevel = 0.006;  ///< Of the slanted cut around the window, in [0, 0.05]; 0: none.
};

/// Print on cloth: a white underbase on the cloth, transparent ink on that. Light and folds are the cloth's own.
struct Ink {
  double underbase = 1;  ///< In [0, 1]. 0 dyes the cloth, as fits white cotton; dark cloth needs 1 for true colours.
  double weave = 0.6;    ///< In [0, 1]: how much of the cloth's fine texture shows in the print.
  double relief = 0;     ///< In [0, 1]: how far the print follows the folds. 1 moves it by up to 1.5 % of the shorter side.
};

/// A surface that bends away at the left and the right, such as a mug's: the quad's corners are those of the print.
struct Cylinder {
  double degrees = 110;      ///< Of the round that the print covers, in [1, 175].
  double bow_top = 0.04;     ///< How far the middle of the upper side hangs below its ends, in heights, in [-0.4, 0.4].
  double bow_bottom = 0.06;  ///< The same of the lower side. Both are positive where one looks from above.
};

/// The shadow of a frame that stands out before the artwork, over it.
struct InnerShadow {
  double depth = 0.015;   ///< Of the frame, as a share of the surface's shorter side, in [0, 0.2].
  double strength = 0.5;  ///< Share of the light that it takes, in [0, 1].
};

/// A slanted lip of the frame, over the sides of the artwork.
struct Bevel {
  Rgb8 color{222, 216, 204};
  double width = 0.008;  ///< Share of the surface's shorter side, in [0, 0.1].
};

/// How the artwork sits in the scene. Plain data.
struct Look {
  Light light = Light::natural;
  double opacity = 1;  ///< In [0, 1], on top of the artwork's own alpha.
  Blend blend = Blend::normal;
  BlendSpace blend_space = BlendSpace::encoded;
  Mat mat{};                                  ///< For Fit::mat only.
  std::optional<Ink> ink{};                   ///< On cloth; Blend must be `normal`.
  std::optional<Cylinder> cylinder{};         ///< A region labelled "mug" is one by itself, with the defaults.
  std::optional<InnerShadow> inner_shadow{};  ///< Over artwork and mat.
  std::optional<Bevel> bevel{};               ///< At the sides of the region.
  double light_from = -45;  ///< Where shadows and bevels take their light from: degrees clockwise from straight above.
};

}  // namespace vitrine
