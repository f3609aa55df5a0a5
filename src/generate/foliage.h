#pragma once

#include <vector>

#include "generate/room.h"

namespace vitrine {

/// Colour that lies over a pixel, already multiplied by its cover.
struct Overlay {
  Rgb colour;
  float cover = 0;
};

/// The room's leaves as the camera sees them, drawn a few rows at a time. Keeps a reference to the room, which must
/// outlive it.
class Foliage {
 public:
  explicit Foliage(const Room& room);
  explicit Foliage(Room&&) = delete;

  /// Rows `top` to `top + rows`, row after row of the picture's width.
  std::vector<Overlay> draw(int top, int rows) const;

 private:
  struct Drawn {
    LeafShape shape;
    double depth;
    Rgb lit;  ///< Of the brighter half.
    Rgb veins;
  };
  void draw_leaf(const Drawn& leaf, int top, int rows, std::vector<Overlay>& band) const;

  const Room& room_;
  std::vector<Drawn> leaves_;  ///< The farthest first.
};

}  // namespace vitrine
