#include "image/orient.h"

#include <algorithm>
#include <cstring>

namespace vitrine {
namespace {

// Quarter turns walk columns of the source; in tiles they stay in the cache.
constexpr int kTile = 32;

// Where shown pixel (0, 0) is stored, and how far it is from there to the next on the right and below.
struct Walk {
  const std::uint8_t* start;
  std::ptrdiff_t right;
  std::ptrdiff_t down;
};

Walk walk_of(ImageView stored, int orientation) {
  const std::ptrdiff_t pixel = bytes_per_pixel(stored.format);
  const std::uint8_t* left_top = stored.data;
  const std::uint8_t* right_top = left_top + pixel * (stored.width() - 1);
  const std::uint8_t* left_bottom = stored.row(stored.height() - 1);
  const std::uint8_t* right_bottom = left_bottom + pixel * (stored.width() - 1);
  switch (orientation) {
    case 2:
      return {right_top, -pixel, stored.stride};
    case 3:
      return {right_bottom, -pixel, -stored.stride};
    case 4:
      return {left_bottom, pixel, -stored.stride};
    case 5:
      return {left_top, stored.stride, pixel};
    case 6:
      return {left_bottom, -stored.stride, pixel};
    case 7:
      return {right_bottom, -stored.stride, -pixel};
    case 8:
      return {right_top, stored.stride, -pixel};
    default:
      return {left_top, pixel, stored.stride};
  }
}

template <std::size_t kPixel>
void copy_pixels(const Walk& walk, const MutableImageView& shown) {
  for (int top = 0; top < shown.size.height; top += kTile) {
    const int bottom = std::min(top + kTile, shown.size.height);
    for (int left = 0; left < shown.size.width; left += kTile) {
      const int right = std::min(left + kTile, shown.size.width);
      for (int y = top; y < bottom; ++y) {
        const std::uint8_t* from = walk.start + y * walk.down + left * walk.right;
        std::uint8_t* to = shown.row(y) + static_cast<std::size_t>(left) * kPixel;
        for (int x = left; x < right; ++x, from += walk.right, to += kPixel) std::memcpy(to, from, kPixel);
      }
    }
  }
}

}  // namespace

Image oriented(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  Image shown(turned(image.size(), orientation), image.format());
  const Walk walk = walk_of(image, orientation);
  const MutableImageView target = shown.edit();
  switch (bytes_per_pixel(image.format())) {
    case 1:
      copy_pixels<1>(walk, target);
      break;
    case 3:
      copy_pixels<3>(walk, target);
      break;
    case 4:
      copy_pixels<4>(walk, target);
      break;
    default:
      copy_pixels<12>(walk, target);
      break;
  }
  return shown;
}

}  // namespace vitrine
