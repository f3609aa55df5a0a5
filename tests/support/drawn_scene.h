#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"

namespace vitrine::test {

using Rgba = std::array<double, 4>;  ///< Encoded values and alpha, 0 to 255.

/// The share of pixel (x, y) that the clockwise convex `quad` covers, exactly.
inline double coverage(const Quad& quad, int x, int y) {
  const Quad pixel = quad_of({x, y, 1, 1});
  return std::abs(signed_area(clip(pixel.corners, quad.corners)));
}

/// A scene drawn with exact edges, for detectors: what is drawn later covers what was drawn before.
class DrawnScene {
 public:
  DrawnScene(Size size, Rgba ground) : image_(size, PixelFormat::rgba8) { paint_all(ground); }

  DrawnScene& quad(const Quad& quad, Rgba color) {
    const MutableImageView pixels = image_.edit();
    const Rect box = bounds(quad, image_.size());
    for (int y = box.y; y < box.y + box.height; ++y)
      for (int x = box.x; x < box.x + box.width; ++x) blend(pixels.row(y) + 4 * x, color, coverage(quad, x, y));
    return *this;
  }

  /// Light that falls from `left` to `right` across the scene, as factors on the encoded colour.
  DrawnScene& light(double left, double right) {
    const MutableImageView pixels = image_.edit();
    for (int y = 0; y < image_.height(); ++y)
      for (int x = 0; x < image_.width(); ++x) {
        const double factor = left + (right - left) * x / image_.width();
        for (int c = 0; c < 3; ++c) set(pixels.row(y)[4 * x + c], pixels.row(y)[4 * x + c] * factor);
      }
    return *this;
  }

  /// Even noise of at most `amplitude` either way, the same every time.
  DrawnScene& noise(double amplitude) {
    const MutableImageView pixels = image_.edit();
    std::uint32_t state = 12345;
    for (int y = 0; y < image_.height(); ++y)
      for (int x = 0; x < image_.width(); ++x)
        for (int c = 0; c < 3; ++c) {
          state = state * 1664525u + 1013904223u;
          const double unit = static_cast<double>(state >> 8u) / (1u << 24u);
          set(pixels.row(y)[4 * x + c], pixels.row(y)[4 * x + c] + amplitude * (2 * unit - 1));
        }
    return *this;
  }

  Image rgb() const { return convert(image_, PixelFormat::rgb8); }
  Image rgba() const { return image_; }

 private:
  static void set(std::uint8_t& value, double to) {
    value = static_cast<std::uint8_t>(std::lround(std::min(255.0, std::max(0.0, to))));
  }

  // Straight alpha: the colour of what has none does not count.
  static void blend(std::uint8_t* pixel, const Rgba& color, double share) {
    if (share <= 0) return;
    const double alpha = share * color[3] + (1 - share) * pixel[3];
    for (int c = 0; c < 3 && alpha > 0; ++c)
      set(pixel[c],
          (share * color[3] * color[static_cast<std::size_t>(c)] + (1 - share) * pixel[3] * pixel[c]) / alpha);
    set(pixel[3], alpha);
  }

  void paint_all(const Rgba& color) {
    const MutableImageView pixels = image_.edit();
    for (int y = 0; y < image_.height(); ++y)
      for (int x = 0; x < image_.width(); ++x)
        for (int c = 0; c < 4; ++c) set(pixels.row(y)[4 * x + c], color[static_cast<std::size_t>(c)]);
  }

  Image image_;
};

/// The largest distance between corners of the same number.
inline double corner_error(const Quad& a, const Quad& b) {
  double most = 0;
  for (std::size_t i = 0; i < 4; ++i) most = std::max(most, distance(a[i], b[i]));
  return most;
}

/// `quad` pushed outward by about `by` pixels on every side.
inline Quad grown(const Quad& quad, double by) {
  Quad result = quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point before = quad[(i + 3) % 4], at = quad[i], after = quad[(i + 1) % 4];
    const double b = distance(before, at), a = distance(at, after);
    result[i] = {at.x + by * ((at.x - before.x) / b - (after.x - at.x) / a),
                 at.y + by * ((at.y - before.y) / b - (after.y - at.y) / a)};
  }
  return result;
}

}  // namespace vitrine::test
