#include "compose/artwork_levels.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

int halved(int side, int times) {
  for (; times > 0 && side > 1; --times) side = (side + 1) / 2;
  return side;
}

std::uint16_t to_u16(float share) { return static_cast<std::uint16_t>(share * 65535.0F + 0.5F); }

}  // namespace

ArtworkLevels::ArtworkLevels(ImageView artwork) : artwork_(artwork) {}

Size ArtworkLevels::size_of(Level level) const {
  return {halved(artwork_.width(), level.x), halved(artwork_.height(), level.y)};
}

void ArtworkLevels::require(Level level) {
  if (level != Level{}) reduced(level);
}

const ArtworkLevels::Plane& ArtworkLevels::reduced(Level level) {
  if (const auto found = planes_.find(level); found != planes_.end()) return found->second;
  const bool across = level.x > 0;
  const Level from = across ? Level{level.x - 1, level.y} : Level{0, level.y - 1};
  const Plane* source = from == Level{} ? nullptr : &reduced(from);
  const Size source_size = size_of(from);
  Plane plane{size_of(level), {}};
  const std::size_t row_values = static_cast<std::size_t>(plane.size.width) * 4;
  plane.texels.resize(row_values * static_cast<std::size_t>(plane.size.height));

  const std::size_t source_values = static_cast<std::size_t>(source_size.width) * 4;
  std::array<std::vector<float>, 2> rows{std::vector<float>(source_values), std::vector<float>(source_values)};
  const auto fetch = [&](int y, std::vector<float>& row) {
    y = std::min(y, source_size.height - 1);
    if (source == nullptr) return load_row_of_artwork(y, 0, source_size.width, row.data());
    const std::uint16_t* values = source->texels.data() + static_cast<std::size_t>(y) * source_values;
    std::transform(values, values + source_values, row.begin(), [](std::uint16_t v) { return v / 65535.0F; });
  };
  for (int y = 0; y < plane.size.height; ++y) {
    std::uint16_t* out = plane.texels.data() + static_cast<std::size_t>(y) * row_values;
    fetch(across ? y : 2 * y, rows[0]);
    if (!across) fetch(2 * y + 1, rows[1]);
    for (std::size_t i = 0; i < row_values; ++i) {
      const std::size_t texel = i / 4;
      const std::size_t last = static_cast<std::size_t>(source_size.width) - 1;
      const float a = across ? rows[0][std::min(2 * texel, last) * 4 + i % 4] : rows[0][i];
      const float b = across ? rows[0][std::min(2 * texel + 1, last) * 4 + i % 4] : rows[1][i];
      out[i] = to_u16((a + b) / 2);
    }
  }
  return planes_.emplace(level, std::move(plane)).first->second;
}

void ArtworkLevels::load_row_of_artwork(int y, int x, int count, float* out) const {
  const auto& linear = linear_from_srgb8();
  const std::uint8_t* in = artwork_.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(artwork_.format);
  switch (artwork_.format) {
    case PixelFormat::gray8:
      for (int i = 0; i < count; ++i, ++in, out += 4) {
        out[0] = out[1] = out[2] = linear[*in];
        out[3] = 1;
      }
      break;
    case PixelFormat::rgb8:
      for (int i = 0; i < count; ++i, in += 3, out += 4) {
        out[0] = linear[in[0]];
        out[1] = linear[in[1]];
        out[2] = linear[in[2]];
        out[3] = 1;
      }
      break;
    default:
      for (int i = 0; i < count; ++i, in += 4, out += 4) {
        const float alpha = static_cast<float>(in[3]) / 255.0F;
        out[0] = linear[in[0]] * alpha;
        out[1] = linear[in[1]] * alpha;
        out[2] = linear[in[2]] * alpha;
        out[3] = alpha;
      }
  }
}

void ArtworkLevels::load(Level level, Window& window) const {
  const Rect rect = window.rect;
  const Size size = size_of(level);
  const Plane* plane = level == Level{} ? nullptr : &planes_.at(level);
  const std::size_t row_floats = static_cast<std::size_t>(rect.width) * 4;
  // Vectors read past the last texel, and give what they find there no weight: it must be a number.
  window.texels.resize(row_floats * static_cast<std::size_t>(rect.height) + kWindowSlack);
  std::fill(window.texels.end() - kWindowSlack, window.texels.end(), 0.0F);

  // The part of each row that lies on the artwork; the rest repeats its ends.
  const int x0 = std::clamp(rect.x, 0, size.width - 1);
  const int x1 = std::clamp(rect.x + rect.width, x0 + 1, size.width);
  const int left = std::clamp(x0 - rect.x, 0, rect.width - 1);
  const int count = std::min(x1 - x0, rect.width - left);
  for (int row = 0; row < rect.height; ++row) {
    float* out = window.texels.data() + static_cast<std::size_t>(row) * row_floats;
    const int y = std::clamp(rect.y + row, 0, size.height - 1);
    if (row > 0 && y == std::clamp(rect.y + row - 1, 0, size.height - 1)) {
      std::copy_n(out - row_floats, row_floats, out);
      continue;
    }
    float* inner = out + static_cast<std::ptrdiff_t>(left) * 4;
    if (plane == nullptr) {
      load_row_of_artwork(y, x0, count, inner);
    } else {
      const std::uint16_t* values =
          plane->texels.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x0)) * 4;
      std::transform(values, values + static_cast<std::ptrdiff_t>(count) * 4, inner,
                     [](std::uint16_t v) { return v / 65535.0F; });
    }
    for (float* p = out; p < inner; p += 4) std::copy_n(inner, 4, p);
    float* last = inner + static_cast<std::ptrdiff_t>(count - 1) * 4;
    for (float* p = last + 4; p < out + row_floats; p += 4) std::copy_n(last, 4, p);
  }
}

}  // namespace vitrine
