#include "compose/paint.h"

#include <cstdint>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

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

float Paint::shade_at(int x, int y) const {
  if (!shaded) return 1;
  return static_cast<float>(matte->shade.row(y - matte->box.y)[x - matte->box.x]) / 128.0F;
}

void Paint::tile(const Rect& rect, const float* rgba) const {
  const bool alpha = mockup.format == PixelFormat::rgba8;
  const int bytes = bytes_per_pixel(mockup.format);
  const bool whole = shown->all_inside(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height);
  for (int y = rect.y; y < rect.y + rect.height; ++y) {
    std::uint8_t* pixel = mockup.row(y) + static_cast<std::ptrdiff_t>(rect.x) * bytes;
    const std::uint8_t* placeholder = nullptr;
    if (matte != nullptr) {
      const int row = y - matte->box.y;
      if (row < 0 || row >= matte->box.height) {
        rgba += static_cast<std::ptrdiff_t>(rect.width) * 4;
        continue;
      }
      placeholder = matte->image.row(row);
    }
    for (int x = rect.x; x < rect.x + rect.width; ++x, pixel += bytes, rgba += 4) {
      const float inside = whole ? 1 : shown->at(x, y);
      if (inside <= 0) continue;
      const float covered = inside * opacity;
      const float drawn = artwork == nullptr ? covered : covered * artwork->at(x, y);
      Lit art{rgba[0] * drawn, rgba[1] * drawn, rgba[2] * drawn, rgba[3] * drawn};
      if (light != nullptr) {
        const LightMap::Gain gain = light->at(x, y);
        art = {art.r * gain.r, art.g * gain.g, art.b * gain.b, art.a};
      }
      switch (backing) {
        case Backing::surface:
          if (art.a > 0) paint_over(art, alpha, pixel);
          break;
        case Backing::hole:
          if (art.a > 0) paint_behind(art, pixel);
          break;
        case Backing::placeholder:
          if (x >= matte->box.x && x < matte->box.x + matte->box.width)
            paint_for_placeholder(art, covered, shade_at(x, y), placeholder + static_cast<std::ptrdiff_t>(x - matte->box.x) * 4,
                                  pixel);
          break;
      }
    }
  }
}

}  // namespace vitrine
