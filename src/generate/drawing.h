#pragma once

#include <functional>
#include <vector>

#include "generate/colour.h"
#include "generate/path.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// How a shape is coloured.
struct Paint {
  Rgb colour;
  Rgb second;      ///< Colour at `to`, if that differs from `from`.
  Point from, to;  ///< Way of the gradient.
  float opacity = 1;
  float speckle = 0;  ///< Share of specks where the ground shows, as in screen prints.
  float wash = 0;     ///< How unevenly the colour lies, as water colour does.
  float feather = 0;  ///< Fades out towards the border of the shape's bounds: 1 from the middle on.
  std::uint32_t salt = 0;
};

inline Paint solid(Rgb colour) {
  Paint paint;
  paint.colour = paint.second = colour;
  return paint;
}

/// A picture made of filled shapes. The short side of the page is 1 unit long, (0, 0) its top-left corner.
///
/// Shapes are kept until render(), which draws a few rows at a time: memory does not grow with the picture.
class Drawing {
 public:
  explicit Drawing(Size size);

  double width() const { return size_.width / scale_; }
  double height() const { return size_.height / scale_; }
  double pixel() const { return 1 / scale_; }  ///< Size of one pixel in units.

  void fill(Path path, const Paint& paint);
  void fill(Polyline outline, const Paint& paint) { fill(Path{std::move(outline)}, paint); }
  void line(const Polyline& way, double width, const Paint& paint) { fill(stroke(way, width), paint); }

  using Ground = std::function<Rgb(Point)>;
  Image render(const Ground& ground, float grain, std::uint32_t salt) const;  ///< rgb8; `grain` is a film's, 0 to 1.
  Image render(Rgb paper, float grain, std::uint32_t salt) const;
  Image render_transparent() const;  ///< rgba8.

 private:
  struct Shape {
    Path path;
    Paint paint;
    double left, top, right, bottom;  ///< Bounds in pixels.
  };
  struct Texel {
    Rgb colour;  ///< Times alpha.
    float alpha = 0;
  };
  void draw(const Shape& shape, int top, int rows, std::vector<Texel>& band) const;
  void lay(const Shape& shape, Point pixel, float cover, Texel& texel) const;

  Size size_;
  double scale_;
  std::vector<Shape> shapes_;
};

/// Share of each pixel that the path covers, a row at a time; exact, by signed areas. Coordinates in pixels.
std::vector<float> coverage(const Path& path, const Rect& window);

}  // namespace vitrine
