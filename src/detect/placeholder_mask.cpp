#include "detect/placeholder_mask.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace vitrine {
namespace {

constexpr int kMargin = 3;          // pixels that the mask may reach past the quad: a soft edge
constexpr double kSameColor = 14;   // of 255, length of the colour difference: still the placeholder
constexpr double kOtherColor = 70;  // no placeholder any more
constexpr int kProbes = 31;         // per side of the grid that the placeholder's colour is read on

using Rgb = std::array<int, 3>;

Rgb color_at(ImageView scene, int x, int y) {
  const std::uint8_t* p = scene.row(y) + x * channels(scene.format);
  if (scene.format == PixelFormat::gray8) return {p[0], p[0], p[0]};
  return {p[0], p[1], p[2]};
}

Rect with_margin(const Quad& quad, Size size) {
  Quad larger = quad;
  const Rect inner = bounds(quad, size);
  for (std::size_t i = 0; i < 4; ++i) {
    larger[i].x += larger[i].x > inner.x + inner.width / 2.0 ? kMargin : -kMargin;
    larger[i].y += larger[i].y > inner.y + inner.height / 2.0 ? kMargin : -kMargin;
  }
  return bounds(larger, size);
}

// Tells how far inside the quad a point lies, in pixels; negative outside.
class Depth {
 public:
  explicit Depth(const Quad& quad) {
    for (std::size_t i = 0; i < 4; ++i) {
      const Point a = quad[i];
      const Point b = quad[(i + 1) % 4];
      const double length = distance(a, b);
      normal_[i] = {-(b.y - a.y) / length, (b.x - a.x) / length};
      offset_[i] = normal_[i].x * a.x + normal_[i].y * a.y;
    }
  }

  double of_pixel(int x, int y) const {
    double least = 1e18;
    for (std::size_t i = 0; i < 4; ++i)
      least = std::min(least, normal_[i].x * (x + 0.5) + normal_[i].y * (y + 0.5) - offset_[i]);
    return least;
  }

 private:
  std::array<Point, 4> normal_;
  std::array<double, 4> offset_{};
};

// The median per channel of a grid of probes inside: what covers a corner does not shift it.
Rgb typical_color(ImageView scene, const Depth& depth, Rect box) {
  std::array<std::vector<int>, 3> values;
  for (int i = 0; i < kProbes * kProbes; ++i) {
    const int x = box.x + (2 * (i % kProbes) + 1) * box.width / (2 * kProbes);
    const int y = box.y + (2 * (i / kProbes) + 1) * box.height / (2 * kProbes);
    if (depth.of_pixel(x, y) < 0) continue;
    const Rgb color = color_at(scene, x, y);
    for (std::size_t c = 0; c < 3; ++c) values[c].push_back(color[c]);
  }
  Rgb typical{};
  for (std::size_t c = 0; c < 3; ++c) {
    if (values[c].empty()) continue;
    const auto middle = values[c].begin() + static_cast<std::ptrdiff_t>(values[c].size() / 2);
    std::nth_element(values[c].begin(), middle, values[c].end());
    typical[c] = *middle;
  }
  return typical;
}

std::uint8_t likeness(const Rgb& a, const Rgb& b) {
  double square = 0;
  for (std::size_t c = 0; c < 3; ++c) square += (a[c] - b[c]) * (a[c] - b[c]);
  const double share = (kOtherColor - std::sqrt(square)) / (kOtherColor - kSameColor);
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
}

}  // namespace

Image placeholder_mask(ImageView scene, const Quad& quad, Shows shows) {
  Image mask(scene.size, PixelFormat::gray8);
  const MutableImageView pixels = mask.edit();
  const Rect box = with_margin(quad, scene.size);
  const Depth depth(quad);
  const bool by_alpha = shows == Shows::hole && scene.format == PixelFormat::rgba8;
  const Rgb typical = by_alpha ? Rgb{} : typical_color(scene, depth, bounds(quad, scene.size));
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (depth.of_pixel(x, y) < -kMargin) continue;
      pixels.row(y)[x] = by_alpha ? static_cast<std::uint8_t>(255 - scene.row(y)[4 * x + 3])
                                  : likeness(color_at(scene, x, y), typical);
    }
  return mask;
}

}  // namespace vitrine
