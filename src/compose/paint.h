#pragma once

#include <cstdint>

#include "compose/coverage.h"
#include "compose/mixer.h"
#include "compose/template_parts.h"
#include "compose/warp.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// Lays filtered artwork into the pixels of a mockup.
class Paint {
 public:
  MutableImageView mockup;  ///< rgb8 or rgba8; holds the scene where nothing was painted yet.
  const Coverage* shown = nullptr;    ///< What is painted.
  const Coverage* artwork = nullptr;  ///< Where in it the artwork lies; nothing: everywhere.
  Backing backing = Backing::surface;
  const LightMap* light = nullptr;  ///< Nothing: the artwork's own colours.
  const Matte* matte = nullptr;     ///< Nothing: the whole quad is ground.
  bool shaded = false;              ///< Folds and shadows of the placeholder darken the artwork too.
  float opacity = 1;
  const Mixer* mixer = nullptr;     ///< For Backing::surface; nothing: the artwork covers the surface.

  /// Paints one tile. Pixels that the artwork does not touch keep their bytes. `rgba` as Warp::run() leaves it.
  void tile(const Rect& rect, const float* rgba) const;

 private:
  const std::uint8_t* matte_at(int x, int y) const;
  float shade_at(int x, int y) const;
  void mix(float inside, const float* rgba, int x, int y, std::uint8_t* pixel) const;
  bool hidden(int y, int begin, int end, const float* rgba) const;
  void cover(int y, int begin, int end, const float* rgba) const;
  void pixels(int y, int begin, int end, bool whole, const float* rgba) const;
};

}  // namespace vitrine
