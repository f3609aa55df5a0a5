#pragma once

#include <array>
#include <functional>
#include <vector>

#include "compose/matte.h"
#include "vitrine/image/image.h"

namespace vitrine {

using EncodedColor = std::array<float, 3>;  ///< sRGB-encoded, 0 to 255.

EncodedColor encoded_at(ImageView scene, int x, int y);
float difference(const EncodedColor& a, const EncodedColor& b);  ///< Of the channel that differs most.

/// Tells, for pixels beside a ground, how much of them is ground and what the rest is.
class Unmixer {
 public:
  using Ground = std::function<EncodedColor(int x, int y)>;

  /// `sure`, row by row over `box`: pixels that are ground and nothing else. `ground` gives its colour anywhere in the
  /// box. Borrows `scene`.
  Unmixer(ImageView scene, Rect box, std::vector<bool> sure, Ground ground);

  /// Alpha: the ground's share. Colour: what it is mixed with.
  Image matte() const;

 private:
  std::size_t index(int x, int y) const;
  bool holds(int x, int y) const;
  EncodedColor color(int x, int y) const;
  void mark_near();
  EncodedColor front_near(int x, int y) const;
  float share(int x, int y, const EncodedColor& front) const;

  ImageView scene_;
  Rect box_;
  std::vector<bool> sure_;
  std::vector<bool> near_;
  Ground ground_;
};

/// JPEG and resampling mix a ground into this many pixels around it.
inline constexpr int kMixedBand = 3;

}  // namespace vitrine
