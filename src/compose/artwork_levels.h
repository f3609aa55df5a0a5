#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "vitrine/image/image.h"

namespace vitrine {

/// How often each axis of the artwork is halved: texels of level {1, 0} are two artwork pixels wide and one high.
struct Level {
  int x = 0;
  int y = 0;
  friend auto operator<=>(const Level&, const Level&) = default;
};

/// Floats behind the last texel of a window that may be read.
inline constexpr std::ptrdiff_t kWindowSlack = 64;

/// A rectangle of an artwork level in linear light, premultiplied, four floats a texel: what the warp kernel reads.
struct Window {
  std::vector<float> texels;
  Rect rect;  ///< In texels of the level; may reach outside the artwork, where its border is repeated.
};

/// An artwork at reduced sizes, each axis by its own power of two, averaged in linear light with premultiplied alpha.
/// Not thread-safe while require() runs; load() is.
class ArtworkLevels {
 public:
  /// Borrows `artwork`, an 8-bit image, for its whole life.
  explicit ArtworkLevels(ImageView artwork);

  /// Makes the level, and what it is made from, unless it is there. Levels that halve away everything stop at one texel.
  void require(Level level);

  /// Fills `window.texels` for `window.rect` of a level that was required. Reuses their memory.
  void load(Level level, Window& window) const;

  Size size_of(Level level) const;

 private:
  struct Plane {  // linear light in 1/65535, premultiplied, four values a texel
    Size size;
    std::vector<std::uint16_t> texels;
  };
  const Plane& reduced(Level level);
  void load_row_of_artwork(int y, int x, int count, float* out) const;

  ImageView artwork_;
  std::map<Level, Plane> planes_;
};

}  // namespace vitrine
