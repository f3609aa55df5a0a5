#include "detect/side_profile.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

// Where a point lies among pixel centres: the pixel up and left of it, its neighbours, the shares of the latter.
struct Cell {
  int x0, x1, y0, y1;
  float tx, ty;
};

Cell cell_of(const cv::Mat& image, Point p) {
  const double x = std::clamp(p.x - 0.5, 0.0, image.cols - 1.0);
  const double y = std::clamp(p.y - 0.5, 0.0, image.rows - 1.0);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  return {x0,
          std::min(x0 + 1, image.cols - 1),
          y0,
          std::min(y0 + 1, image.rows - 1),
          static_cast<float>(x - x0),
          static_cast<float>(y - y0)};
}

}  // namespace

LabStep sample_lab(const cv::Mat& image, Point p) {
  const Cell c = cell_of(image, p);
  const float* top = image.ptr<float>(c.y0);
  const float* bottom = image.ptr<float>(c.y1);
  LabStep value;
  for (int i = 0; i < 3; ++i) {
    const float a = top[3 * c.x0 + i] + c.tx * (top[3 * c.x1 + i] - top[3 * c.x0 + i]);
    const float b = bottom[3 * c.x0 + i] + c.tx * (bottom[3 * c.x1 + i] - bottom[3 * c.x0 + i]);
    value[i] = a + c.ty * (b - a);
  }
  return value;
}

float sample_value(const cv::Mat& image, Point p) {
  const Cell c = cell_of(image, p);
  const float* top = image.ptr<float>(c.y0);
  const float* bottom = image.ptr<float>(c.y1);
  const float a = top[c.x0] + c.tx * (top[c.x1] - top[c.x0]);
  const float b = bottom[c.x0] + c.tx * (bottom[c.x1] - bottom[c.x0]);
  return a + c.ty * (b - a);
}

Side side_of(const Quad& quad, std::size_t i) {
  Side side{quad[i], quad[(i + 1) % 4], {}};
  const double length = side.length() + 1e-9;
  side.inward = {-(side.end.y - side.begin.y) / length, (side.end.x - side.begin.x) / length};
  return side;
}

Quad quad_from_sides(const std::array<Side, 4>& sides) {
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const Side& before = sides[(i + 3) % 4];
    const Side& after = sides[i];
    const Point d{before.end.x - before.begin.x, before.end.y - before.begin.y};
    const Point e{after.end.x - after.begin.x, after.end.y - after.begin.y};
    const double turn = d.x * e.y - d.y * e.x;
    const double t = ((after.begin.x - before.begin.x) * e.y - (after.begin.y - before.begin.y) * e.x) / turn;
    quad[i] = {before.begin.x + t * d.x, before.begin.y + t * d.y};
  }
  return quad;
}

}  // namespace vitrine
