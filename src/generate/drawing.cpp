#include "generate/drawing.h"

#include <cmath>

#include "generate/noise.h"

namespace vitrine {
namespace {

constexpr int kBand = 96;

// Adds up, per cell, how much area right of an edge the edge bounds; running sums along a row then give the cover.
class AreaSum {
 public:
  AreaSum(const Rect& window)
      : window_(window), cells_(static_cast<std::size_t>(window.width + 2) * static_cast<std::size_t>(window.height)) {}

  void edge(Point a, Point b) {
    a = {a.x - window_.x, a.y - window_.y};
    b = {b.x - window_.x, b.y - window_.y};
    if (a.y == b.y) return;
    const float sign = a.y < b.y ? 1.0F : -1.0F;
    if (a.y > b.y) std::swap(a, b);
    const double top = std::max(a.y, 0.0);
    const double bottom = std::min(b.y, static_cast<double>(window_.height));
    const double slope = (b.x - a.x) / (b.y - a.y);
    for (int row = static_cast<int>(top); row < window_.height && row < bottom; ++row) {
      const double from = std::max(top, static_cast<double>(row));
      const double to = std::min(bottom, row + 1.0);
      if (to > from)
        part(row, a.x + (from - a.y) * slope, a.x + (to - a.y) * slope, sign * static_cast<float>(to - from));
    }
  }

  std::vector<float> cover() {
    std::vector<float> result(static_cast<std::size_t>(window_.width) * static_cast<std::size_t>(window_.height));
    for (int y = 0; y < window_.height; ++y) {
      const float* cell = row_of(y);
      float sum = 0;
      for (int x = 0; x < window_.width; ++x) {
        sum += cell[x];
        result[static_cast<std::size_t>(y) * static_cast<std::size_t>(window_.width) + static_cast<std::size_t>(x)] =
            std::min(std::abs(sum), 1.0F);
      }
    }
    return result;
  }

 private:
  float* row_of(int y) { return cells_.data() + static_cast<std::ptrdiff_t>(y) * (window_.width + 2); }

  // A piece of an edge within one row, `rise` high.
  void part(int row, double x0, double x1, float rise) {
    if (x0 > x1) std::swap(x0, x1);
    const double right = window_.width;
    if (x0 >= right) return;
    float* cell = row_of(row);
    if (x1 <= 0) {
      cell[0] += rise;
      return;
    }
    const double run = x1 - x0;
    if (x0 < 0) {
      const float share = static_cast<float>(-x0 / run);
      cell[0] += rise * share;
      rise *= 1 - share;
      x0 = 0;
    }
    if (x1 > right) {
      rise *= static_cast<float>((right - x0) / (x1 - x0));
      x1 = right;
    }
    const double length = x1 - x0;
    int x = static_cast<int>(x0);
    do {
      const double end = std::min(x1, x + 1.0);
      const float share = length > 0 ? static_cast<float>((end - x0) / length) : 1;
      const float middle = static_cast<float>((x0 + end) / 2 - x);
      cell[x] += rise * share * (1 - middle);
      cell[x + 1] += rise * share * middle;
      x0 = end;
      ++x;
    } while (x0 < x1);
  }

  Rect window_;
  std::vector<float> cells_;
};

}  // namespace

std::vector<float> coverage(const Path& path, const Rect& window) {
  AreaSum sum(window);
  for (const Polyline& outline : path)
    for (std::size_t i = 0; i < outline.size(); ++i) sum.edge(outline[i], outline[(i + 1) % outline.size()]);
  return sum.cover();
}

Drawing::Drawing(Size size) : size_(size), scale_(std::min(size.width, size.height)) {}

void Drawing::fill(Path path, const Paint& paint) {
  Shape shape{std::move(path), paint, 1e30, 1e30, -1e30, -1e30};
  for (Polyline& outline : shape.path)
    for (Point& p : outline) {
      p = {p.x * scale_, p.y * scale_};
      shape.left = std::min(shape.left, p.x);
      shape.right = std::max(shape.right, p.x);
      shape.top = std::min(shape.top, p.y);
      shape.bottom = std::max(shape.bottom, p.y);
    }
  if (shape.right > 0 && shape.bottom > 0 && shape.left < size_.width && shape.top < size_.height)
    shapes_.push_back(std::move(shape));
}

void Drawing::lay(const Shape& shape, Point pixel, float cover, Texel& texel) const {
  const Paint& paint = shape.paint;
  Rgb colour = paint.colour;
  const double gx = paint.to.x - paint.from.x;
  const double gy = paint.to.y - paint.from.y;
  const double way = gx * gx + gy * gy;
  const double x = pixel.x / scale_;
  const double y = pixel.y / scale_;
  if (way > 0)
    colour = mix(paint.colour, paint.second,
                 static_cast<float>(std::clamp(((x - paint.from.x) * gx + (y - paint.from.y) * gy) / way, 0.0, 1.0)));
  float alpha = cover * paint.opacity;
  if (paint.speckle > 0) {
    // Specks of about a 700th of the page, whatever its size.
    const float speck = noise(x * 700, y * 700, paint.salt) + 0.5F * noise(x * 190, y * 190, paint.salt ^ 5U);
    alpha *= 1 - paint.speckle * ramp(0.25, 0.6, speck);
  }
  if (paint.wash > 0) {
    const float pool = fractal_noise(x * 4, y * 4, 4, paint.salt ^ 9U);
    alpha *= std::clamp(1 - paint.wash * (0.5F - 0.9F * pool), 0.0F, 1.0F);
  }
  if (paint.feather > 0) {
    const double u = (pixel.x - shape.left) / (shape.right - shape.left) * 2 - 1;
    const double v = (pixel.y - shape.top) / (shape.bottom - shape.top) * 2 - 1;
    alpha *= ramp(1, 1 - static_cast<double>(paint.feather), std::sqrt(u * u + v * v));
  }
  texel.colour = texel.colour * (1 - alpha) + colour * alpha;
  texel.alpha = texel.alpha * (1 - alpha) + alpha;
}

void Drawing::draw(const Shape& shape, int top, int rows, std::vector<Texel>& band) const {
  const int left = static_cast<int>(std::clamp(std::floor(shape.left), 0.0, static_cast<double>(size_.width)));
  const int right = static_cast<int>(std::clamp(std::ceil(shape.right), 0.0, static_cast<double>(size_.width)));
  const int first =
      static_cast<int>(std::clamp(std::floor(shape.top), static_cast<double>(top), static_cast<double>(top + rows)));
  const int last =
      static_cast<int>(std::clamp(std::ceil(shape.bottom), static_cast<double>(top), static_cast<double>(top + rows)));
  if (left >= right || first >= last) return;
  const std::vector<float> cover = coverage(shape.path, {left, first, right - left, last - first});
  std::size_t i = 0;
  for (int y = first; y < last; ++y) {
    Texel* texel = band.data() + static_cast<std::ptrdiff_t>(y - top) * size_.width + left;
    for (int x = left; x < right; ++x, ++i, ++texel)
      if (cover[i] > 0.0005F) lay(shape, {x + 0.5, y + 0.5}, cover[i], *texel);
  }
}

Image Drawing::render(const Ground& ground, float grain_share, std::uint32_t salt) const {
  Image image(size_, PixelFormat::rgb8);
  const MutableImageView out = image.edit();
  std::vector<Texel> band(static_cast<std::size_t>(kBand) * static_cast<std::size_t>(size_.width));
  for (int top = 0; top < size_.height; top += kBand) {
    const int rows = std::min(kBand, size_.height - top);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < size_.width; ++x)
        band[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x)] = {
            ground({(x + 0.5) / scale_, (top + y + 0.5) / scale_}), 1};
    for (const Shape& shape : shapes_) draw(shape, top, rows, band);
    for (int y = 0; y < rows; ++y) {
      std::uint8_t* pixel = out.row(top + y);
      for (int x = 0; x < size_.width; ++x, pixel += 3) {
        Rgb colour =
            band[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x)]
                .colour;
        if (grain_share > 0) colour = colour * (1 + grain_share * grain(x, top + y, salt));
        pixel[0] = srgb8_from_linear(colour.r), pixel[1] = srgb8_from_linear(colour.g),
        pixel[2] = srgb8_from_linear(colour.b);
      }
    }
  }
  return image;
}

Image Drawing::render(Rgb paper, float grain_share, std::uint32_t salt) const {
  return render([paper](Point) { return paper; }, grain_share, salt);
}

Image Drawing::render_transparent() const {
  Image image(size_, PixelFormat::rgba8);
  const MutableImageView out = image.edit();
  std::vector<Texel> band;
  for (int top = 0; top < size_.height; top += kBand) {
    const int rows = std::min(kBand, size_.height - top);
    band.assign(static_cast<std::size_t>(rows) * static_cast<std::size_t>(size_.width), {});
    for (const Shape& shape : shapes_) draw(shape, top, rows, band);
    for (int y = 0; y < rows; ++y) {
      std::uint8_t* pixel = out.row(top + y);
      for (int x = 0; x < size_.width; ++x, pixel += 4) {
        const Texel& texel =
            band[static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width) + static_cast<std::size_t>(x)];
        pixel[3] = static_cast<std::uint8_t>(std::lround(255 * std::min(texel.alpha, 1.0F)));
        if (pixel[3] == 0) continue;
        const Rgb colour = texel.colour * (1 / texel.alpha);
        pixel[0] = srgb8_from_linear(colour.r), pixel[1] = srgb8_from_linear(colour.g),
        pixel[2] = srgb8_from_linear(colour.b);
      }
    }
  }
  return image;
}

}  // namespace vitrine
