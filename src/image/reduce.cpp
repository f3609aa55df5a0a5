#include "image/reduce.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "image/orient.h"

namespace vitrine {
namespace {

using Sums = std::array<std::uint32_t, 4>;

std::uint8_t rounded_share(std::uint32_t sum, std::uint32_t weight) {
  return static_cast<std::uint8_t>((sum + weight / 2) / weight);
}

Sums sum_of(ImageView block) {
  Sums sums{};
  const int count = channels(block.format);
  for (int y = 0; y < block.height(); ++y) {
    const std::uint8_t* pixel = block.row(y);
    for (int x = 0; x < block.width(); ++x, pixel += count) {
      const std::uint32_t weight = count == 4 ? pixel[3] : 1;
      for (int c = 0; c < std::min(count, 3); ++c) sums[static_cast<std::size_t>(c)] += weight * pixel[c];
      sums[3] += weight;
    }
  }
  return sums;
}

void average(ImageView block, std::uint8_t* out) {
  const Sums sums = sum_of(block);
  const int count = channels(block.format);
  for (int c = 0; c < std::min(count, 3); ++c)
    out[c] = sums[3] == 0 ? std::uint8_t{0} : rounded_share(sums[static_cast<std::size_t>(c)], sums[3]);
  if (count == 4) out[3] = rounded_share(sums[3], static_cast<std::uint32_t>(block.width() * block.height()));
}

}  // namespace

int reduction_for(Size stored, int orientation, std::optional<Size> at_least) {
  if (!at_least) return 1;
  const Size least = turned(*at_least, orientation);
  int factor = 8;
  while (factor > 1) {
    const Size size = reduced(stored, factor);
    if (size.width >= least.width && size.height >= least.height) break;
    factor /= 2;
  }
  return factor;
}

Size reduced(Size size, int factor) { return {(size.width - 1) / factor + 1, (size.height - 1) / factor + 1}; }

Image reduce(ImageView image, int factor) {
  Image result(reduced(image.size, factor), image.format);
  const MutableImageView target = result.edit();
  for (int y = 0; y < target.size.height; ++y) {
    std::uint8_t* out = target.row(y);
    for (int x = 0; x < target.size.width; ++x, out += bytes_per_pixel(image.format)) {
      const int left = x * factor;
      const int top = y * factor;
      average(image.crop({left, top, std::min(factor, image.width() - left), std::min(factor, image.height() - top)}),
              out);
    }
  }
  return result;
}

}  // namespace vitrine
