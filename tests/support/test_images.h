#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <random>

#include "vitrine/image/image.h"

namespace vitrine {

inline std::size_t row_size(const Image& image) {
  return static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(bytes_per_pixel(image.format()));
}

inline std::uint8_t sample(const Image& image, int x, int y, int channel = 0) {
  return image.row(y)[x * bytes_per_pixel(image.format()) + channel];
}

inline std::array<int, 4> pixel(const Image& image, int x, int y) {
  std::array<int, 4> values{};
  for (int c = 0; c < channels(image.format()); ++c) values[static_cast<std::size_t>(c)] = sample(image, x, y, c);
  return values;
}

/// An image with all pixels the same; takes as many of the values as the format has channels.
inline Image plain_image(Size size, PixelFormat format, std::initializer_list<int> value) {
  Image image(size, format);
  const MutableImageView view = image.edit();
  for (int y = 0; y < size.height; ++y)
    for (std::size_t i = 0; i < row_size(image); ++i)
      view.row(y)[i] = static_cast<std::uint8_t>(value.begin()[i % static_cast<std::size_t>(channels(format))]);
  return image;
}

/// Soft waves that differ by channel, as in a photo; alpha runs from 0 to 255 over the width.
inline Image wavy_image(Size size, PixelFormat format) {
  Image image(size, format);
  const MutableImageView view = image.edit();
  const int count = channels(format);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < count; ++c)
        view.row(y)[x * count + c] =
            c == 3 ? static_cast<std::uint8_t>(x * 255 / std::max(1, size.width - 1))
                   : static_cast<std::uint8_t>(128 + 90 * std::sin(0.11 * x * (c + 1)) * std::cos(0.07 * y + c));
  return image;
}

/// Every sample random, from `seed`.
inline Image noise_image(Size size, PixelFormat format, unsigned seed) {
  Image image(size, format);
  const MutableImageView view = image.edit();
  std::mt19937 random(seed);
  for (int y = 0; y < size.height; ++y)
    for (std::size_t i = 0; i < row_size(image); ++i) view.row(y)[i] = static_cast<std::uint8_t>(random() >> 24U);
  return image;
}

/// The largest difference of any sample; 1000 if size or format differ.
inline int largest_difference(const Image& a, const Image& b) {
  if (a.size() != b.size() || a.format() != b.format()) return 1000;
  int largest = 0;
  for (int y = 0; y < a.height(); ++y)
    for (std::size_t i = 0; i < row_size(a); ++i)
      largest = std::max(largest, std::abs(int{a.row(y)[i]} - int{b.row(y)[i]}));
  return largest;
}

}  // namespace vitrine
