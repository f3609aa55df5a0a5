#include "vitrine/image/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// One result sample along an axis: source samples first, first + 1, … with weights that sum to 1.
struct Tap {
  int first;
  int count;
  std::size_t weights;  // index of the first one
};

struct Axis {
  std::vector<Tap> taps;
  std::vector<float> weights;
};

// Each result sample is the mean of what it covers; overlaps are counted in whole 1/to of a source sample: exact.
Axis area_axis(int from, int to) {
  Axis axis;
  axis.taps.reserve(static_cast<std::size_t>(to));
  for (std::int64_t i = 0; i < to; ++i) {
    const std::int64_t begin = i * from;
    const std::int64_t end = begin + from;
    const std::int64_t first = begin / to;
    const std::int64_t last = (end - 1) / to;
    axis.taps.push_back({static_cast<int>(first), static_cast<int>(last - first + 1), axis.weights.size()});
    for (std::int64_t j = first; j <= last; ++j) {
      const std::int64_t overlap = std::min(end, (j + 1) * to) - std::max(begin, j * to);
      axis.weights.push_back(static_cast<float>(static_cast<double>(overlap) / from));
    }
  }
  return axis;
}

double catmull_rom(double distance) {
  const double d = std::abs(distance);
  if (d < 1) return 1 + d * d * (1.5 * d - 2.5);
  return d < 2 ? 2 + d * (d * (2.5 - 0.5 * d) - 4) : 0;
}

// Past the border its last sample goes on, so weights out there are added to it.
Axis cubic_axis(int from, int to) {
  Axis axis;
  axis.taps.reserve(static_cast<std::size_t>(to));
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * from / to - 0.5;
    const int start = static_cast<int>(std::floor(centre)) - 1;
    const int first = std::clamp(start, 0, from - 1);
    const int last = std::clamp(start + 3, 0, from - 1);
    axis.taps.push_back({first, last - first + 1, axis.weights.size()});
    axis.weights.resize(axis.weights.size() + static_cast<std::size_t>(last - first + 1));
    for (int j = start; j < start + 4; ++j) {
      const auto at = static_cast<std::size_t>(std::clamp(j, 0, from - 1) - first);
      axis.weights[axis.taps.back().weights + at] += static_cast<float>(catmull_rom(centre - j));
    }
  }
  return axis;
}

Axis make_axis(int from, int to) { return to <= from ? area_axis(from, to) : cubic_axis(from, to); }

// A row in linear light, alpha in [0, 1] and multiplied into the colours.
template <std::size_t kChannels>
void to_linear(const std::uint8_t* row, std::vector<float>& out) {
  const auto& linear = linear_from_srgb8();
  for (std::size_t i = 0; i < out.size(); i += kChannels) {
    if constexpr (kChannels == 4) {
      const float alpha = static_cast<float>(row[i + 3]) / 255.0F;
      for (std::size_t c = 0; c < 3; ++c) out[i + c] = linear[row[i + c]] * alpha;
      out[i + 3] = alpha;
    } else {
      for (std::size_t c = 0; c < kChannels; ++c) out[i + c] = linear[row[i + c]];
    }
  }
}

template <std::size_t kChannels>
void from_linear(const std::vector<float>& row, std::uint8_t* out) {
  for (std::size_t i = 0; i < row.size(); i += kChannels) {
    if constexpr (kChannels == 4) {
      const float alpha = std::clamp(row[i + 3], 0.0F, 1.0F);
      const float scale = alpha > 0 ? 1 / alpha : 0;
      for (std::size_t c = 0; c < 3; ++c) out[i + c] = srgb8_from_linear(row[i + c] * scale);
      out[i + 3] = static_cast<std::uint8_t>(alpha * 255.0F + 0.5F);
    } else {
      for (std::size_t c = 0; c < kChannels; ++c) out[i + c] = srgb8_from_linear(row[i + c]);
    }
  }
}

template <std::size_t kChannels>
void resize_row(const std::vector<float>& in, const Axis& axis, std::vector<float>& out) {
  float* to = out.data();
  for (const Tap& tap : axis.taps) {
    const float* from = in.data() + static_cast<std::size_t>(tap.first) * kChannels;
    const float* weight = axis.weights.data() + tap.weights;
    std::array<float, kChannels> sum{};
    for (int i = 0; i < tap.count; ++i, from += kChannels)
      for (std::size_t c = 0; c < kChannels; ++c) sum[c] += weight[i] * from[c];
    to = std::copy(sum.begin(), sum.end(), to);
  }
}

// Rows of the source in linear light at the result's width. Neighbouring result rows share at most three of them.
template <std::size_t kChannels>
class WideRows {
 public:
  WideRows(ImageView image, int width)
      : image_(image),
        axis_(make_axis(image.width(), width)),
        linear_(static_cast<std::size_t>(image.width()) * kChannels) {
    rows_.fill(std::vector<float>(static_cast<std::size_t>(width) * kChannels));
    held_.fill(-1);
  }

  const std::vector<float>& row(int y) {
    const auto slot = static_cast<std::size_t>(y) % rows_.size();
    if (held_[slot] != y) {
      to_linear<kChannels>(image_.row(y), linear_);
      resize_row<kChannels>(linear_, axis_, rows_[slot]);
      held_[slot] = y;
    }
    return rows_[slot];
  }

 private:
  ImageView image_;
  Axis axis_;
  std::vector<float> linear_;
  std::array<std::vector<float>, 4> rows_;
  std::array<int, 4> held_;
};

template <std::size_t kChannels>
Image resize_channels(ImageView image, Size size) {
  Image result(size, image.format);
  const MutableImageView target = result.edit();
  const Axis axis = make_axis(image.height(), size.height);
  WideRows<kChannels> rows(image, size.width);
  std::vector<float> sum(static_cast<std::size_t>(size.width) * kChannels);
  for (int y = 0; y < size.height; ++y) {
    const Tap& tap = axis.taps[static_cast<std::size_t>(y)];
    std::fill(sum.begin(), sum.end(), 0.0F);
    for (int i = 0; i < tap.count; ++i) {
      const float weight = axis.weights[tap.weights + static_cast<std::size_t>(i)];
      const std::vector<float>& row = rows.row(tap.first + i);
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += weight * row[k];
    }
    from_linear<kChannels>(sum, target.row(y));
  }
  return result;
}

void require_positive(Size size, const char* what) {
  if (size.width > 0 && size.height > 0) return;
  throw std::invalid_argument(std::string(what) + " is " + std::to_string(size.width) + " x " +
                              std::to_string(size.height) + " pixels; both sides must be positive.");
}

}  // namespace

Image resize(ImageView image, Size size) {
  require_positive(image.size, "The image to resize");
  require_positive(size, "The size to resize to");
  switch (image.format) {
    case PixelFormat::gray8:
      return size == image.size ? Image(image) : resize_channels<1>(image, size);
    case PixelFormat::rgb8:
      return size == image.size ? Image(image) : resize_channels<3>(image, size);
    case PixelFormat::rgba8:
      return size == image.size ? Image(image) : resize_channels<4>(image, size);
    default:
      throw std::invalid_argument("resize() takes 8-bit images; this one holds floats.");
  }
}

Size fit_within(Size size, Size box) {
  require_positive(size, "The size to fit");
  require_positive(box, "The box to fit into");
  if (size.width <= box.width && size.height <= box.height) return size;
  const auto scaled = [](int side, int to, int from) {
    const std::int64_t twice = 2 * std::int64_t{side} * to + from;
    return static_cast<int>(std::max<std::int64_t>(1, twice / (2 * std::int64_t{from})));
  };
  // The side that is tighter sets the scale; the other rounds to at most the box.
  if (std::int64_t{size.width} * box.height >= std::int64_t{size.height} * box.width)
    return {box.width, std::min(box.height, scaled(size.height, box.width, size.width))};
  return {std::min(box.width, scaled(size.width, box.height, size.height)), box.height};
}

}  // namespace vitrine
