#include "compose/surface_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// Below this luminance nothing can be told from noise.
constexpr float kDarkest = 0.004F;
// A thing in front that is as grey as the surface is known by its darkness: shadows rarely leave less than this share.
constexpr float kDeepestShadow = 0.10F;
constexpr float kLeastTintTolerance = 0.10F;
// Share of neighbouring cells, leaves and all, that may differ by more than light does.
constexpr double kMostPatchy = 0.6;

LinearColor linear_at(ImageView scene, int x, int y) {
  const auto& linear = linear_from_srgb8();
  const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(scene.format);
  if (scene.format == PixelFormat::gray8) return {linear[*pixel], linear[*pixel], linear[*pixel]};
  return {linear[pixel[0]], linear[pixel[1]], linear[pixel[2]]};
}

float tint_distance(const LinearColor& color, const LinearColor& tint) {
  const float light = std::max(luminance(color), 1e-4F);
  float most = 0;
  for (std::size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(color[c] / light - tint[c]));
  // One step of an 8-bit value is a large share of a dark colour.
  return std::max(0.0F, most - 0.004F / light);
}

float percentile(std::vector<float> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

int step_for(const Quad& quad) { return std::clamp(static_cast<int>(std::sqrt(area(quad)) / 120), 1, 8); }

// Mean colours of cells, and how many pixels each is the mean of.
class Cells {
 public:
  explicit Cells(ColorGrid grid) : grid_(std::move(grid)) {
    const auto count = static_cast<std::size_t>(grid_.columns) * static_cast<std::size_t>(grid_.rows);
    grid_.rgb.assign(count * 3, 0);
    weight_.assign(count, 0);
  }

  std::size_t size() const { return weight_.size(); }
  bool known(std::size_t i) const { return weight_[i] > 0; }
  LinearColor color(std::size_t i) const { return {grid_.rgb[3 * i], grid_.rgb[3 * i + 1], grid_.rgb[3 * i + 2]}; }
  const ColorGrid& grid() const { return grid_; }

  void set(std::size_t i, const LinearColor& color) {
    std::copy(color.begin(), color.end(), grid_.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i));
    weight_[i] = 1;
  }
  void forget(std::size_t i) { weight_[i] = 0; }

  void add(int x, int y, const LinearColor& color) {
    const std::size_t i = grid_.index((x - grid_.box.x) / grid_.step, (y - grid_.box.y) / grid_.step);
    for (std::size_t c = 0; c < 3; ++c) grid_.rgb[3 * i + c] += color[c];
    weight_[i] += 1;
  }

  void divide() {
    for (std::size_t i = 0; i < size(); ++i)
      for (std::size_t c = 0; c < 3 && known(i); ++c) grid_.rgb[3 * i + c] /= weight_[i];
  }

  // The 1-2-1 mean of the known cells around, in both directions; empty where there are none.
  std::optional<LinearColor> mean_around(int column, int row) const {
    LinearColor sum{};
    float total = 0;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx) {
        const int c = column + dx;
        const int r = row + dy;
        if (c < 0 || r < 0 || c >= grid_.columns || r >= grid_.rows || !known(grid_.index(c, r))) continue;
        const float weight = static_cast<float>((2 - std::abs(dx)) * (2 - std::abs(dy)));
        const LinearColor other = color(grid_.index(c, r));
        for (std::size_t k = 0; k < 3; ++k) sum[k] += weight * other[k];
        total += weight;
      }
    if (total == 0) return std::nullopt;
    for (float& value : sum) value /= total;
    return sum;
  }

  void smooth() {
    const Cells before = *this;
    for_each_cell([&](int column, int row, std::size_t i) {
      if (const auto mean = before.mean_around(column, row)) set(i, *mean);
    });
  }

  // Bridges unknown cells from their rims inwards.
  void fill() {
    for (bool open = true; open;) {
      open = false;
      const Cells before = *this;
      bool grew = false;
      for_each_cell([&](int column, int row, std::size_t i) {
        if (before.known(i)) return;
        open = true;
        const auto mean = before.mean_around(column, row);
        if (!mean) return;
        set(i, *mean);
        grew = true;
      });
      if (!grew) return;
    }
  }

  template <typename Visit>
  void for_each_cell(Visit visit) const {
    for (int row = 0; row < grid_.rows; ++row)
      for (int column = 0; column < grid_.columns; ++column) visit(column, row, grid_.index(column, row));
  }

 private:
  ColorGrid grid_;
  std::vector<float> weight_;
};

ColorGrid grid_over(const Region& region, Size scene) {
  ColorGrid grid;
  grid.box = bounds(region.quad, scene);
  grid.step = step_for(region.quad);
  grid.columns = (grid.box.width + grid.step - 1) / grid.step;
  grid.rows = (grid.box.height + grid.step - 1) / grid.step;
  return grid;
}

// Averages the pixels well inside the region that `accept` accepts.
template <typename Accept>
Cells average_cells(ImageView scene, const Region& region, Accept accept) {
  Cells cells(grid_over(region, scene.size));
  const Rect box = cells.grid().box;
  // The frame's anti-aliased rim, its inner shadow line and JPEG ringing are no light on the surface.
  const Coverage inside(grown(region.quad, -std::clamp(std::sqrt(area(region.quad)) * 0.008, 1.5, 6.0)));
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (!inside.all_inside(x, y, x + 1, y + 1)) continue;
      if (scene.format == PixelFormat::rgba8 && scene.row(y)[4 * static_cast<std::ptrdiff_t>(x) + 3] < 255) continue;
      const LinearColor color = linear_at(scene, x, y);
      if (accept(x, y)) cells.add(x, y, color);
    }
  cells.divide();
  return cells;
}

std::vector<float> luminances(const Cells& cells) {
  std::vector<float> values;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells.known(i)) values.push_back(luminance(cells.color(i)));
  return values;
}

// The tint in the middle of the distribution, channel by channel, over the cells that are not dark.
LinearColor median_tint(const Cells& cells, float reference) {
  std::array<std::vector<float>, 3> tints;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells.known(i)) continue;
    const LinearColor color = cells.color(i);
    const float light = luminance(color);
    if (light < 0.3F * reference) continue;
    for (std::size_t c = 0; c < 3; ++c) tints[c].push_back(color[c] / light);
  }
  LinearColor tint{1, 1, 1};
  for (std::size_t c = 0; c < 3; ++c)
    if (!tints[c].empty()) tint[c] = percentile(std::move(tints[c]), 0.5);
  return tint;
}

float tint_spread(const Cells& cells, const LinearColor& tint) {
  std::vector<float> distances;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (cells.known(i)) distances.push_back(tint_distance(cells.color(i), tint));
  return percentile(std::move(distances), 0.5);
}

// Share of pairs of cells a thirtieth of the region apart that differ by more than a twelfth: light changes slowly but for
// shadow edges, print does not.
double roughness(const Cells& cells, float reference) {
  const ColorGrid& grid = cells.grid();
  int pairs = 0;
  int rough = 0;
  const auto compare = [&](std::size_t a, std::size_t b) {
    if (!cells.known(a) || !cells.known(b)) return;
    const float la = luminance(cells.color(a));
    const float lb = luminance(cells.color(b));
    ++pairs;
    if (std::abs(la - lb) > 0.08F * std::max(std::max(la, lb), 0.25F * reference)) ++rough;
  };
  const int across = std::max(1, grid.columns / 30);
  const int down = std::max(1, grid.rows / 30);
  cells.for_each_cell([&](int column, int row, std::size_t i) {
    if (column >= across) compare(i, grid.index(column - across, row));
    if (row >= down) compare(i, grid.index(column, row - down));
  });
  return pairs == 0 ? 1 : static_cast<double>(rough) / pairs;
}

// A detector that says "plain" has looked. Anybody else's quad may lie on a print: on 80 generated rooms all but three blank
// sheets explain nine tenths of their cells and are no rougher than a quarter, and no printed one does both.
double most_roughness(const Region& region, const SurfaceFit& fit) {
  if (region.shows == Shows::plain) return 0.45;
  return fit.is_bare() ? 0.245 : 0.1;
}

}  // namespace

LinearColor ColorGrid::at(int x, int y) const {
  const auto place = [&](int pixel, int origin, int count) {
    const float cell = (static_cast<float>(pixel - origin) + 0.5F) / static_cast<float>(step) - 0.5F;
    return std::clamp(cell, 0.0F, static_cast<float>(count - 1));
  };
  const float u = place(x, box.x, columns);
  const float v = place(y, box.y, rows);
  const int c0 = std::min(static_cast<int>(u), std::max(0, columns - 2));
  const int r0 = std::min(static_cast<int>(v), std::max(0, rows - 2));
  const int c1 = std::min(c0 + 1, columns - 1);
  const int r1 = std::min(r0 + 1, rows - 1);
  const float du = u - static_cast<float>(c0);
  const float dv = v - static_cast<float>(r0);
  const float* a = rgb.data() + 3 * index(c0, r0);
  const float* b = rgb.data() + 3 * index(c1, r0);
  const float* c = rgb.data() + 3 * index(c0, r1);
  const float* d = rgb.data() + 3 * index(c1, r1);
  LinearColor color{};
  for (std::size_t k = 0; k < 3; ++k) {
    const float top = a[k] + du * (b[k] - a[k]);
    const float bottom = c[k] + du * (d[k] - c[k]);
    color[k] = top + dv * (bottom - top);
  }
  return color;
}

bool SurfaceFit::explains(const LinearColor& pixel, const LinearColor& expected) const {
  const float light = luminance(pixel);
  const float usual = std::max(luminance(expected), kDarkest);
  if (light < kDeepestShadow * std::max(usual, 0.5F * reference) && usual > 4 * kDarkest) return false;
  return tint_distance(pixel, tint) <= std::max(kLeastTintTolerance, 4 * tint_spread);
}

std::optional<SurfaceFit> fit_surface(ImageView scene, const Region& region) {
  const Cells all = average_cells(scene, region, [](int, int) { return true; });
  const std::vector<float> light = luminances(all);
  if (light.size() < 16) return std::nullopt;
  SurfaceFit fit;
  fit.reference = percentile(light, 0.9);
  if (fit.reference < kDarkest) return std::nullopt;
  fit.tint = median_tint(all, fit.reference);
  fit.tint_spread = tint_spread(all, fit.tint);

  // A print whose inks have no hue of their own would pass for shadows.
  const LinearColor expected{fit.reference * fit.tint[0], fit.reference * fit.tint[1], fit.reference * fit.tint[2]};
  Cells explained = average_cells(scene, region, [&](int x, int y) { return fit.explains(linear_at(scene, x, y), expected); });
  explained.smooth();
  if (roughness(explained, fit.reference) > kMostPatchy) return std::nullopt;

  fit.mask = find_surface(scene, region);
  // Pixels beside something else are mixed with it.
  Cells own = average_cells(scene, region, [&](int x, int y) { return !fit.mask.near_pixel(x, y, 1, SurfaceMask::Cell::other); });
  const std::vector<float> own_light = luminances(own);
  if (own_light.size() < std::max<std::size_t>(16, light.size() / (region.shows == Shows::plain ? 12 : 3))) return std::nullopt;
  fit.own_share = static_cast<float>(own_light.size()) / static_cast<float>(light.size());
  // Grain is no print.
  Cells without_grain = own;
  without_grain.smooth();
  if (roughness(without_grain, fit.reference) > most_roughness(region, fit)) return std::nullopt;
  own.fill();
  own.smooth();
  fit.color = own.grid();
  return fit;
}

}  // namespace vitrine
