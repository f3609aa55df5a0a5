#include "compose/paint.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "image/srgb_row.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr int kBlock = 64;  // pixels that are painted alike
constexpr float kOpaque = 0.99999F;  // what filters make of an opaque artwork, but for rounding

struct Lit {  // linear, premultiplied
  float r, g, b, a;
};

void encode(float r, float g, float b, std::uint8_t* pixel) {
  pixel[0] = srgb8_from_linear(r);
  pixel[1] = srgb8_from_linear(g);
  pixel[2] = srgb8_from_linear(b);
}

// Artwork over an opaque or partly transparent pixel.
void paint_over(const Lit& art, bool alpha, std::uint8_t* pixel) {
  const auto& linear = linear_from_srgb8();
  const float below = alpha ? static_cast<float>(pixel[3]) / 255.0F * (1 - art.a) : 1 - art.a;
  const float total = alpha ? art.a + below : 1;
  const float rest = below / total;
  encode(art.r / total + rest * linear[pixel[0]], art.g / total + rest * linear[pixel[1]],
         art.b / total + rest * linear[pixel[2]], pixel);
  if (alpha) pixel[3] = static_cast<std::uint8_t>(total * 255.0F + 0.5F);
}

// Artwork behind a pixel of the scene, seen through what is transparent of it.
void paint_behind(const Lit& art, std::uint8_t* pixel) {
  if (pixel[3] == 255) return;
  const auto& linear = linear_from_srgb8();
  const float front = static_cast<float>(pixel[3]) / 255.0F;
  const float through = 1 - front;
  const float total = front + through * art.a;
  if (total <= 0) return;
  encode((front * linear[pixel[0]] + through * art.r) / total, (front * linear[pixel[1]] + through * art.g) / total,
         (front * linear[pixel[2]] + through * art.b) / total, pixel);
  pixel[3] = static_cast<std::uint8_t>(total * 255.0F + 0.5F);
}

// Artwork on a blank surface that is mixed with its frame, or with what stands in front of it.
void paint_on_blank(const Lit& art, const std::uint8_t* matte, std::uint8_t* pixel) {
  const auto& linear = linear_from_srgb8();
  const float share = static_cast<float>(matte[3]) / 255.0F;
  const auto mix = [&](float art_light, std::size_t c) {
    const float front = (1 - share) * linear[matte[c]];
    const float own = std::max(0.0F, linear[pixel[c]] - front);
    return front + own * (1 - art.a) + share * art_light;
  };
  encode(mix(art.r, 0), mix(art.g, 1), mix(art.b, 2), pixel);
}

// Artwork, on white where it is transparent, in the place of a flat colour.
void paint_for_placeholder(const Lit& art, float covered, float shade, const std::uint8_t* matte, std::uint8_t* pixel) {
  const float share = covered * static_cast<float>(matte[3]) / 255.0F;
  if (share <= 0) return;
  const auto& linear = linear_from_srgb8();
  const float ground = covered > 0 ? (covered - art.a) / covered : 0;
  const float k = covered > 0 ? 1 / covered : 0;
  // Where the quad cuts a pixel of the placeholder, the rest of it is what it is mixed with, not placeholder.
  const auto mix = [&](float art_light, std::uint8_t front) {
    return share * shade * (art_light * k + ground) + (1 - share) * linear[front];
  };
  encode(mix(art.r, matte[0]), mix(art.g, matte[1]), mix(art.b, matte[2]), pixel);
}

}  // namespace

const std::uint8_t* Paint::matte_at(int x, int y) const {
  if (matte == nullptr) return nullptr;
  const int column = x - matte->box.x;
  const int row = y - matte->box.y;
  if (column < 0 || row < 0 || column >= matte->box.width || row >= matte->box.height) return nullptr;
  return matte->image.row(row) + 4 * static_cast<std::ptrdiff_t>(column);
}

float Paint::shade_at(int x, int y) const {
  if (!shaded) return 1;
  return static_cast<float>(matte->shade.row(y - matte->box.y)[x - matte->box.x]) / 128.0F;
}

// True if nothing of what is under these pixels, or in front of them, will be seen: the artwork's light is all there is.
bool Paint::hidden(int y, int begin, int end, const float* rgba) const {
  for (int x = begin; x < end; ++x, rgba += 4) {
    if (rgba[3] < kOpaque) return false;
    const std::uint8_t* ground = matte_at(x, y);
    if (ground != nullptr && ground[3] != 255) return false;
  }
  return true;
}

// The same as pixels() where they are hidden(), many at a time.
void Paint::cover(int y, int begin, int end, const float* rgba) const {
  std::uint8_t* out = mockup.row(y) + static_cast<std::ptrdiff_t>(begin) * bytes_per_pixel(mockup.format);
  if (light == nullptr) return encode_opaque_row(rgba, end - begin, mockup.format, out);
  std::array<float, std::size_t{4} * kBlock> lit;
  for (int x = begin; x < end; ++x) {
    const LinearColor gain = light->at(x, y);
    const auto at = static_cast<std::size_t>(4 * (x - begin));
    for (std::size_t c = 0; c < 3; ++c) lit[at + c] = rgba[at + c] * gain[c];
    lit[at + 3] = 1;
  }
  encode_opaque_row(lit.data(), end - begin, mockup.format, out);
}

void Paint::tile(const Rect& rect, const float* rgba) const {
  const bool covers = backing == Backing::surface && artwork == nullptr && opacity == 1 && mixer == nullptr;
  for (int y = rect.y; y < rect.y + rect.height; ++y, rgba += std::ptrdiff_t{4} * rect.width) {
    const Coverage::Run touched = shown->touched_pixels(y, rect.x, rect.x + rect.width);
    const Coverage::Run whole = shown->whole_pixels(y, touched.begin, touched.end);
    for (int x = touched.begin; x < touched.end;) {
      const bool inside = x >= whole.begin && x < whole.end;
      const int limit = inside ? whole.end : x < whole.begin ? whole.begin : touched.end;
      const int end = std::min(x + kBlock, limit);
      const float* from = rgba + std::ptrdiff_t{4} * (x - rect.x);
      if (covers && inside && hidden(y, x, end, from))
        cover(y, x, end, from);
      else
        pixels(y, x, end, inside, from);
      x = end;
    }
  }
}

// Artwork mixed with the surface's own colour. Only the edge of the quad is mixed in linear light here: the mixer knows
// what opacity means to it.
void Paint::mix(float inside, const float* rgba, int x, int y, std::uint8_t* pixel) const {
  const std::uint8_t* ground = matte_at(x, y);
  const float share = ground == nullptr ? 1 : static_cast<float>(ground[3]) / 255.0F;
  if (share <= 0 || rgba[3] <= 0) return;
  const auto& linear = linear_from_srgb8();
  const bool alpha = mockup.format == PixelFormat::rgba8;
  Layer surface{{}, alpha ? static_cast<float>(pixel[3]) / 255.0F : 1};
  LinearColor front{};
  for (std::size_t c = 0; c < 3; ++c) {
    front[c] = ground == nullptr ? 0 : (1 - share) * linear[ground[c]];
    surface.color[c] = std::max(0.0F, linear[pixel[c]] - front[c]) / share;
  }
  const Layer art{{rgba[0] / rgba[3], rgba[1] / rgba[3], rgba[2] / rgba[3]}, rgba[3] * opacity};
  const Layer mixed = mixer->mix(art, surface, x, y);
  const float total = inside * mixed.alpha + (1 - inside) * surface.alpha;
  if (total <= 0) return;
  const float fresh = inside * mixed.alpha / total;
  const auto value = [&](std::size_t c) {
    return front[c] + share * (fresh * mixed.color[c] + (1 - fresh) * surface.color[c]);
  };
  encode(value(0), value(1), value(2), pixel);
  if (alpha) pixel[3] = static_cast<std::uint8_t>(total * 255.0F + 0.5F);
}

void Paint::pixels(int y, int begin, int end, bool whole, const float* rgba) const {
  const bool alpha = mockup.format == PixelFormat::rgba8;
  const int bytes = bytes_per_pixel(mockup.format);
  std::uint8_t* pixel = mockup.row(y) + static_cast<std::ptrdiff_t>(begin) * bytes;
  for (int x = begin; x < end; ++x, pixel += bytes, rgba += 4) {
    const float inside = whole ? 1 : shown->at(x, y);
    if (inside <= 0) continue;
    if (mixer != nullptr) {
      mix(inside, rgba, x, y, pixel);
      continue;
    }
    const float covered = inside * opacity;
    const float drawn = artwork == nullptr ? covered : covered * artwork->at(x, y);
    Lit art{rgba[0] * drawn, rgba[1] * drawn, rgba[2] * drawn, rgba[3] * drawn};
    if (light != nullptr) {
      const LinearColor gain = light->at(x, y);
      art = {art.r * gain[0], art.g * gain[1], art.b * gain[2], art.a};
    }
    const std::uint8_t* ground = matte_at(x, y);
    switch (backing) {
      case Backing::surface:
        if (art.a <= 0) break;
        if (ground == nullptr || ground[3] == 255)
          paint_over(art, alpha, pixel);
        else if (ground[3] > 0)
          paint_on_blank(art, ground, pixel);
        break;
      case Backing::hole:
        if (art.a > 0) paint_behind(art, pixel);
        break;
      case Backing::placeholder:
        if (ground != nullptr) paint_for_placeholder(art, covered, shade_at(x, y), ground, pixel);
        break;
    }
  }
}

}  // namespace vitrine
