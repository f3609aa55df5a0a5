#include "generate/shade_map.h"

#include <cmath>

namespace vitrine {
namespace {

// One running mean over `count` values `step` apart, window 2 * reach + 1, border repeated.
void box_blur(float* values, std::ptrdiff_t step, int count, int reach, std::vector<float>& line) {
  for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = values[i * step];
  const auto at = [&](int i) { return line[static_cast<std::size_t>(std::clamp(i, 0, count - 1))]; };
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) sum += at(i);
  const float share = 1 / static_cast<float>(2 * reach + 1);
  for (int i = 0; i < count; ++i) {
    values[i * step] = sum * share;
    sum += at(i + reach + 1) - at(i - reach);
  }
}

}  // namespace

ShadeMap::ShadeMap(Point middle, double side)
    : corner_{middle.x - side / 2, middle.y - side / 2},
      cell_(side / kCells),
      cells_(static_cast<std::size_t>(kCells) * kCells, 1.0F) {}

float ShadeMap::at(Point p) const {
  if (cells_.empty()) return 1;
  const double x = std::clamp((p.x - corner_.x) / cell_ - 0.5, 0.0, kCells - 1.001);
  const double y = std::clamp((p.y - corner_.y) / cell_ - 0.5, 0.0, kCells - 1.001);
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  const float fx = static_cast<float>(x - ix);
  const float fy = static_cast<float>(y - iy);
  const float* cell = cells_.data() + static_cast<std::ptrdiff_t>(iy) * kCells + ix;
  const float top = cell[0] + (cell[1] - cell[0]) * fx;
  const float bottom = cell[kCells] + (cell[kCells + 1] - cell[kCells]) * fx;
  return top + (bottom - top) * fy;
}

void ShadeMap::shade(const LeafShape& leaf, float opacity) {
  const LeafBounds box = bounds(leaf);
  const auto first = [&](double v, double corner) {
    return std::clamp(static_cast<int>((v - corner) / cell_) - 1, 0, kCells);
  };
  const auto last = [&](double v, double corner) {
    return std::clamp(static_cast<int>((v - corner) / cell_) + 2, 0, kCells);
  };
  for (int y = first(box.top, corner_.y); y < last(box.bottom, corner_.y); ++y)
    for (int x = first(box.left, corner_.x); x < last(box.right, corner_.x); ++x) {
      const LeafPoint at = leaf_point(leaf, {corner_.x + (x + 0.5) * cell_, corner_.y + (y + 0.5) * cell_});
      const float cover = static_cast<float>(std::clamp(at.distance / cell_ + 0.5, 0.0, 1.0));
      cells_[static_cast<std::size_t>(y) * kCells + static_cast<std::size_t>(x)] *= 1 - opacity * cover;
    }
}

void ShadeMap::mask(const Window& window) {
  for (int y = 0; y < kCells; ++y)
    for (int x = 0; x < kCells; ++x) {
      const double dx = corner_.x + (x + 0.5) * cell_ - window.middle.x;
      const double dy = corner_.y + (y + 0.5) * cell_ - window.middle.y - window.shear * dx;
      const double u = (dx / window.half_width + 1) / 2 * window.columns;
      const double v = (dy / window.half_height + 1) / 2 * window.rows;
      const bool inside = u > 0 && v > 0 && u < window.columns && v < window.rows;
      const double bar_u = std::abs(u - std::round(u)) * 2 * window.half_width / window.columns;
      const double bar_v = std::abs(v - std::round(v)) * 2 * window.half_height / window.rows;
      const bool lit = inside && bar_u > window.bar / 2 && bar_v > window.bar / 2;
      if (!lit) cells_[static_cast<std::size_t>(y) * kCells + static_cast<std::size_t>(x)] = 0;
    }
}

void ShadeMap::blur(double sigma) {
  // Three running means come close to a bell curve; variance of one is reach (reach + 1) / 3.
  const int reach =
      std::clamp(static_cast<int>(std::lround(std::sqrt(sigma * sigma / (cell_ * cell_) + 0.25) - 0.5)), 1, kCells / 3);
  std::vector<float> line(kCells);
  for (int pass = 0; pass < 3; ++pass) {
    for (int y = 0; y < kCells; ++y)
      box_blur(cells_.data() + static_cast<std::ptrdiff_t>(y) * kCells, 1, kCells, reach, line);
    for (int x = 0; x < kCells; ++x) box_blur(cells_.data() + x, kCells, kCells, reach, line);
  }
}

std::vector<LeafShape> make_branch(Random& random, Point from, Point to, double leaf_length) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const double angle = std::atan2(to.y - from.y, to.x - from.x);
  const double bend = random.between(-0.18, 0.18);
  std::vector<LeafShape> leaves{{from, to, length * 0.008, bend, LeafShape::Profile::stem}};
  const int count = std::max(4, static_cast<int>(length / (leaf_length * 0.42)));
  for (int i = 0; i <= count; ++i) {
    const double s = 0.08 + 0.92 * i / count;
    const double off = 4 * bend * s * (1 - s) * length;
    const Point root{from.x + s * (to.x - from.x) - std::sin(angle) * off,
                     from.y + s * (to.y - from.y) + std::cos(angle) * off};
    const double side = i == count ? 0 : (i % 2 ? 1 : -1);
    const double spread = side * random.between(0.5, 1.1);
    const double turn = angle + spread + random.between(-0.15, 0.15);
    const double size = leaf_length * random.between(0.7, 1.1) * (1.1 - 0.45 * s);
    const Point tip{root.x + std::cos(turn) * size, root.y + std::sin(turn) * size};
    leaves.push_back(
        {root, tip, size * random.between(0.16, 0.24), random.between(-0.1, 0.1), LeafShape::Profile::pointed});
  }
  return leaves;
}

}  // namespace vitrine
