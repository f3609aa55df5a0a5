#include "mockup_inputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>

#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/codec.h"

namespace vitrine::bench {
namespace {

// Where facts put it: 1.09 megapixels, nearly upright.
constexpr Quad kQuad{{{{1040, 400}, {1930, 470}, {1960, 1540}, {1010, 1500}}}};

class Grain {
 public:
  explicit Grain(int strength) : strength_(strength) {}

  // Two dice make a triangle, which looks enough like noise of light.
  int next() { return (die() + die()) * strength_ / 256; }

 private:
  int die() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<int>(state_ >> 56U) - 128;
  }
  int strength_;
  std::uint64_t state_ = 1;
};

}  // namespace

Image with_grain(Image picture, int strength) {
  Grain grain(strength);
  const MutableImageView view = picture.edit();
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x) {
      const int noise = grain.next();
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& sample = view.row(y)[3 * x + c];
        sample = static_cast<std::uint8_t>(std::clamp(sample + noise, 0, 255));
      }
    }
  return picture;
}

Image make_flat_artwork(Size size) {
  Image picture(size, PixelFormat::rgb8);
  const MutableImageView view = picture.edit();
  constexpr std::array<std::array<int, 3>, 5> kColors{
      {{240, 232, 214}, {196, 62, 44}, {30, 76, 98}, {232, 176, 60}, {40, 40, 44}}};
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      // Rings around the corners of a grid, each with an edge of two pixels.
      const double cell = size.width / 5.0;
      const double dx = std::fmod(x, cell) - cell / 2;
      const double dy = std::fmod(y, cell) - cell / 2;
      const double ring = std::hypot(dx, dy) / (cell / 8);
      const auto inner = static_cast<std::size_t>(ring) % kColors.size();
      const double edge = std::clamp((ring - std::floor(ring)) * cell / 16, 0.0, 1.0);
      for (std::size_t c = 0; c < 3; ++c)
        view.row(y)[3 * static_cast<std::size_t>(x) + c] = static_cast<std::uint8_t>(
            kColors[inner][c] * edge + kColors[(inner + 4) % 5][c] * (1 - edge));
    }
  return picture;
}

void write_mockup_inputs(const std::filesystem::path& folder) {
  const Image scene = convert(make_procedural_scene({.seed = 3, .size = {3000, 2000}}).image, PixelFormat::rgb8);
  const Image photo = make_procedural_artwork({.seed = 3, .size = {4000, 4000}, .style = ArtworkStyle::photo});
  write_image(folder / "scene6.jpg", with_grain(scene, 13), {.quality = 90});
  write_image(folder / "art16.jpg", with_grain(photo, 11), {.quality = 92});
  write_image(folder / "flat16.png", make_flat_artwork({4000, 4000}));
  std::ofstream quad(folder / "quad6.txt");
  for (const Point corner : kQuad.corners) quad << corner.x << ' ' << corner.y << '\n';
}

}  // namespace vitrine::bench
