#include "hidden_scene.h"

#include <algorithm>
#include <cmath>

#include "detect/placeholder_mask.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/image/homography.h"

namespace vitrine::bench {
namespace {

using Rgb = std::array<double, 3>;

Rgb pixel_of(ImageView image, Point p) {
  const int x = std::clamp(static_cast<int>(p.x), 0, image.width() - 1);
  const int y = std::clamp(static_cast<int>(p.y), 0, image.height() - 1);
  const std::uint8_t* from = image.row(y) + x * channels(image.format);
  return {1.0 * from[0], 1.0 * from[1], 1.0 * from[2]};
}

// A plain colour from the seed, brighter towards one corner.
Rgb wall_color(std::uint64_t seed, double u, double v) {
  const double lightness = 60 + static_cast<double>(seed * 2654435761u % 180);
  const double tint = static_cast<double>(seed * 40503u % 31) - 15;
  const double light = 0.9 + 0.12 * (seed % 2 == 0 ? u : 1 - u) + 0.08 * v;
  return {(lightness + tint) * light, lightness * light, (lightness - tint) * light};
}

}  // namespace

Image hide_placeholder(ImageView scene, const Region& place, Paint paint, std::uint64_t seed) {
  const Image mask = placeholder_mask(scene, place.quad, place.shows);
  Image picture(scene);
  const MutableImageView pixels = picture.edit();
  const Size unit{600, 600};
  const Homography art_from_scene = scene_from_artwork(place.quad, unit).inverse();
  const auto style = static_cast<ArtworkStyle>(std::array{0, 1, 2, 4, 5}[seed % 5]);
  const Image art = paint == Paint::art ? make_procedural_artwork({seed, unit, style}) : Image();
  for (int y = 0; y < scene.height(); ++y)
    for (int x = 0; x < scene.width(); ++x) {
      const double share = mask.row(y)[x] / 255.0;
      if (share <= 0) continue;
      const Point at = art_from_scene(Point{x + 0.5, y + 0.5});
      const Rgb color =
          paint == Paint::art ? pixel_of(art, at) : wall_color(seed, at.x / unit.width, at.y / unit.height);
      std::uint8_t* to = pixels.row(y) + x * channels(scene.format);
      const double noise =
          3 * (static_cast<double>(
                   (static_cast<std::uint64_t>(x) * 7919 + static_cast<std::uint64_t>(y) * 104729 + seed) % 101) /
                   50 -
               1);
      const double covered =
          scene.format == PixelFormat::rgba8 && place.shows == Shows::hole ? to[3] / 255.0 : 1 - share;
      for (std::size_t c = 0; c < 3; ++c)
        to[c] = static_cast<std::uint8_t>(
            std::lround(std::clamp(to[c] * covered + (color[c] + noise) * (1 - covered), 0.0, 255.0)));
      if (scene.format == PixelFormat::rgba8) to[3] = static_cast<std::uint8_t>(std::max<int>(to[3], mask.row(y)[x]));
    }
  return picture;
}

}  // namespace vitrine::bench
