#include "compose/artwork_levels.h"

#include <algorithm>
#include <cstddef>

#include "compose/row_pairs.h"

namespace vitrine {
namespace {

int reduced(int side, int halvings) { return ((side - 1) >> halvings) + 1; }

// The part of the texels x to x + count that lies on a row of `width` of them, and how many lie before it.
struct Part {
  int begin = 0;
  int count = 0;
  int before = 0;
};

Part part_on(int width, int x, int count) {
  const int begin = std::clamp(x, 0, width - 1);
  const int end = std::clamp(x + count, begin + 1, width);
  const int before = std::clamp(begin - x, 0, count - 1);
  return {begin, std::min(end - begin, count - before), before};
}

// Repeats the ends of the part over the texels beside it.
void repeat_ends(const Part& part, int count, std::int16_t* out) {
  std::int16_t* const first = out + part.before * kPairValues;
  std::int16_t* const behind = first + part.count * kPairValues;
  for (std::int16_t* p = out; p < first; p += kPairValues) std::copy_n(first, kPairValues, p);
  for (std::int16_t* p = behind; p < out + count * kPairValues; p += kPairValues)
    std::copy_n(behind - kPairValues, kPairValues, p);
}

}  // namespace

Size ArtworkLevels::size_of(Level level) const {
  return {reduced(artwork_.width(), level.x), reduced(artwork_.height(), level.y)};
}

void ArtworkLevels::load_artwork_pair(int upper, int lower, int x, int count, std::int16_t* out) const {
  const Part part = part_on(artwork_.width(), x, count);
  const std::ptrdiff_t skipped = static_cast<std::ptrdiff_t>(part.begin) * bytes_per_pixel(artwork_.format);
  const auto row = [&](int y) { return artwork_.row(std::clamp(y, 0, artwork_.height() - 1)) + skipped; };
  pair_rows(artwork_.format, row(upper), row(lower), part.count, out + part.before * kPairValues);
  repeat_ends(part, count, out);
}

void ArtworkLevels::load_pair(Level level, int y, int x, int count, Scratch& scratch, std::int16_t* out) const {
  if (level == Level{}) return load_artwork_pair(y, y + 1, x, count, out);
  const Size size = size_of(level);
  const Part part = part_on(size.width, x, count);
  const int pixels = part.count << level.x;
  const auto values = static_cast<std::size_t>(part.count) * 4;
  scratch.pairs.resize(static_cast<std::size_t>(pixels + kPairSlack) * kPairValues);
  scratch.sums.assign(2 * values, 0);
  std::int32_t* const sums[2] = {scratch.sums.data(), scratch.sums.data() + values};
  const int rows[2] = {std::clamp(y, 0, size.height - 1), std::clamp(y + 1, 0, size.height - 1)};
  const auto load = [&](int upper, int lower) {
    load_artwork_pair(upper, lower, part.begin << level.x, pixels, scratch.pairs.data());
  };
  if (level.y == 0) {
    load(rows[0], rows[1]);
    add_texels(scratch.pairs.data(), part.count, level.x, PairRows::upper, sums[0]);
    add_texels(scratch.pairs.data(), part.count, level.x, PairRows::lower, sums[1]);
  } else {
    for (int r = 0; r < 2; ++r)
      for (int line = rows[r] << level.y; line < (rows[r] + 1) << level.y; line += 2) {
        load(line, line + 1);
        add_texels(scratch.pairs.data(), part.count, level.x, PairRows::both, sums[r]);
      }
  }
  const int halvings = level.x + level.y;
  std::int16_t* inner = out + part.before * kPairValues;
  for (std::size_t i = 0; i < values; ++i)
    for (std::size_t r = 0; r < 2; ++r)
      inner[2 * i + r] = static_cast<std::int16_t>((sums[r][i] + (1 << (halvings - 1))) >> halvings);
  repeat_ends(part, count, out);
}

void ArtworkLevels::expect(Level level, int y, int x, int count, RowFetch& ahead) const {
  const Size size = size_of(level);
  if (y < 0 || y >= size.height || count <= 0) return;
  const Part part = part_on(size.width, x, count);
  const std::ptrdiff_t bytes = bytes_per_pixel(artwork_.format);
  const int begin = part.begin << level.x;
  const int end = std::min((part.begin + part.count) << level.x, artwork_.width());
  for (int line = y << level.y; line < std::min((y + 1) << level.y, artwork_.height()); ++line)
    ahead.add(artwork_.row(line) + begin * bytes, artwork_.row(line) + end * bytes);
}

}  // namespace vitrine
