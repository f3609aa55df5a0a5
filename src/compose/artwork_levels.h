#pragma once

#include <cstdint>
#include <vector>

#include "compose/row_fetch.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// How often each axis of the artwork is halved: texels of level {1, 0} are two artwork pixels wide and one high.
struct Level {
  int x = 0;
  int y = 0;
  friend auto operator<=>(const Level&, const Level&) = default;
};

/// Most halvings of an axis.
inline constexpr int kMostHalvings = 8;

/// An artwork at reduced sizes, each axis by its own power of two, averaged in linear light with premultiplied alpha. No
/// size is stored: texels are averaged when they are asked for, which costs no more than to store them and needs no
/// memory. Safe from many threads.
class ArtworkLevels {
 public:
  /// Memory of one thread.
  struct Scratch {
    std::vector<std::int16_t> pairs;
    std::vector<std::int32_t> sums;
  };

  /// Borrows `artwork`, an 8-bit image, for its whole life.
  explicit ArtworkLevels(ImageView artwork) : artwork_(artwork) {}

  /// Texels x to x + count of rows y and y + 1 of a level, as pair_rows() makes them. Outside the artwork its border is
  /// repeated. Writes up to kPairSlack texels behind the last.
  void load_pair(Level level, int y, int x, int count, Scratch& scratch, std::int16_t* out) const;

  /// Adds what load_pair() will read of one row of texels.
  void expect(Level level, int y, int x, int count, RowFetch& ahead) const;

  Size size_of(Level level) const;

 private:
  void load_artwork_pair(int upper, int lower, int x, int count, std::int16_t* out) const;

  ImageView artwork_;
};

}  // namespace vitrine
