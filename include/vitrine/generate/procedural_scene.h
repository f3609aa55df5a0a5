#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/image/image.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// How the place for the artwork shows itself.
enum class ScenePlace {
  blank,   ///< An empty surface in the room's light.
  hole,    ///< Transparent.
  key,     ///< A flat key colour.
  cutout,  ///< Flat white, as pasted by an editor.
  filled,  ///< Some other picture hangs there.
  none,    ///< The room is empty: nothing to find.
};

VITRINE_EXPORT std::string_view name_of(ScenePlace place) noexcept;

struct SceneOptions {
  std::uint64_t seed = 0;
  Size size{1200, 900};
  ScenePlace place = ScenePlace::blank;
  int surfaces = 1;              ///< 1 to 6: how many frames hang there.
  double max_tilt_degrees = 35;  ///< 0 to 60: how far the camera looks from the side.
  bool covered = false;          ///< Something (a plant, a lamp) stands in front of a part of the first surface.
};

/// A room made from a seed, with the truth about it. Same options, same pixels.
struct ProceduralScene {
  Image image;  ///< rgb8, or rgba8 with holes.

  /// Exact corners of the visible openings; mask as in Region. Label: frame, canvas, poster, screen or sheet. A blank
  /// one's `reason` ends with its linear albedo, "albedo 0.920 0.912 0.880.", the largest part always 0.920.
  std::vector<Region> surfaces;

  /// rgb_f32: linear light that a white diffuse surface sends at every pixel, 1 = white: a blank pixel is light times
  /// albedo, but for noise and the weave of a canvas. Under an occluder it is that of the surface behind. A screen
  /// shines by itself, and that is its light.
  Image light;
  Image occluder;           ///< gray_f32: share of each pixel that something in front of the surfaces covers.
  std::string description;  ///< "a tilted oak frame on a blue wall, light from the left".
};

/// Throws std::invalid_argument for options out of range; sides 64 to 8192 pixels.
VITRINE_EXPORT ProceduralScene make_procedural_scene(const SceneOptions& options);

}  // namespace vitrine
