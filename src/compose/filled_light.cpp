#include "compose/filled_light.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr int kCells = 12;  // along each side of the region
// The lightest parts of prints send back this share of the light: paper a little more, ivory and pale ink a little less.
constexpr float kPrintWhite = 0.88F;
// A print whose lightest parts are darker than the first may have no white at all; from the second on they are white. In
// between the light is believed by part: a dark print in a bright room must not be darkened.
constexpr float kNoWhite = 0.25F;
constexpr float kWhite = 0.60F;
// The same of the ratio of the lightest parts, if they lie all over the print, to the brighter things beside it.
constexpr float kBrighterAround = 0.6F;
constexpr float kAsBrightAround = 0.95F;
// Cells within this of the plane through the lightest ones hold white; a slope needs so many of them, and so far apart.
constexpr double kOnPlane = 0.07;
constexpr double kLeastOnPlane = 0.30;
constexpr double kLeastSpread = 0.6;
constexpr double kSteepest = 0.6;  // of the logarithm of the light, over the whole region

struct CellLight {
  double u, v;  // in the region's box, 0 to 1
  double light;  // logarithm of the luminance of its lighter part
  LinearColor color;
};

LinearColor linear_at(ImageView scene, int x, int y) {
  const auto& linear = linear_from_srgb8();
  const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(scene.format);
  if (scene.format == PixelFormat::gray8) return {linear[*pixel], linear[*pixel], linear[*pixel]};
  return {linear[pixel[0]], linear[pixel[1]], linear[pixel[2]]};
}

std::vector<CellLight> lighter_parts(ImageView scene, const Quad& quad, Rect box) {
  std::array<std::vector<LinearColor>, static_cast<std::size_t>(kCells) * kCells> pixels;
  const Coverage inside(grown(quad, -std::clamp(std::sqrt(area(quad)) * 0.01, 1.5, 6.0)));
  const int step = std::max(1, static_cast<int>(std::sqrt(area(quad)) / 400));
  for (int y = box.y; y < box.y + box.height; y += step)
    for (int x = box.x; x < box.x + box.width; x += step) {
      if (!inside.all_inside(x, y, x + 1, y + 1)) continue;
      const int column = (x - box.x) * kCells / box.width;
      const int row = (y - box.y) * kCells / box.height;
      pixels[static_cast<std::size_t>(row * kCells + column)].push_back(linear_at(scene, x, y));
    }
  std::vector<CellLight> cells;
  for (int i = 0; i < kCells * kCells; ++i) {
    std::vector<LinearColor>& own = pixels[static_cast<std::size_t>(i)];
    if (own.size() < 8) continue;
    const auto at = own.begin() + static_cast<std::ptrdiff_t>(own.size() * 9 / 10);
    std::nth_element(own.begin(), at, own.end(), [](const auto& a, const auto& b) { return luminance(a) < luminance(b); });
    cells.push_back({(i % kCells + 0.5) / kCells, (i / kCells + 0.5) / kCells,
                     std::log(static_cast<double>(luminance(*at)) + 1e-3), *at});
  }
  return cells;
}

// base + across u + down v.
struct Slope {
  double base = 0;
  double across = 0;
  double down = 0;
  double at(double u, double v) const { return base + across * u + down * v; }
};

double determinant(const std::array<double, 9>& m) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

// Weighted least squares by Cramer's rule; flat if the cells do not fix a plane.
Slope plane_through(const std::vector<CellLight>& cells, const std::vector<double>& weights) {
  std::array<double, 9> m{};
  std::array<double, 3> r{};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::array<double, 3> row{1, cells[i].u, cells[i].v};
    for (std::size_t a = 0; a < 3; ++a) {
      r[a] += weights[i] * row[a] * cells[i].light;
      for (std::size_t b = 0; b < 3; ++b) m[3 * a + b] += weights[i] * row[a] * row[b];
    }
  }
  const double whole = determinant(m);
  if (std::abs(whole) < 1e-9) return {r[0] / std::max(m[0], 1e-9), 0, 0};
  std::array<double, 3> solution{};
  for (std::size_t c = 0; c < 3; ++c) {
    std::array<double, 9> replaced = m;
    for (std::size_t a = 0; a < 3; ++a) replaced[3 * a + c] = r[a];
    solution[c] = determinant(replaced) / whole;
  }
  return {solution[0], solution[1], solution[2]};
}

// The plane that nearly all cells lie under (asymmetric least squares, Newey & Powell, Econometrica 55, 1987).
Slope upper_plane(const std::vector<CellLight>& cells) {
  std::vector<double> weights(cells.size(), 1);
  Slope slope = plane_through(cells, weights);
  for (int i = 0; i < 30; ++i) {
    for (std::size_t k = 0; k < cells.size(); ++k)
      weights[k] = cells[k].light > slope.at(cells[k].u, cells[k].v) ? 0.97 : 0.03;
    slope = plane_through(cells, weights);
  }
  return slope;
}

bool whites_all_over(const std::vector<CellLight>& cells, const Slope& slope) {
  double least_u = 1, most_u = 0, least_v = 1, most_v = 0;
  std::size_t count = 0;
  for (const CellLight& cell : cells) {
    if (std::abs(cell.light - slope.at(cell.u, cell.v)) > kOnPlane) continue;
    ++count;
    least_u = std::min(least_u, cell.u), most_u = std::max(most_u, cell.u);
    least_v = std::min(least_v, cell.v), most_v = std::max(most_v, cell.v);
  }
  return static_cast<double>(count) >= kLeastOnPlane * static_cast<double>(cells.size()) && most_u - least_u >= kLeastSpread &&
         most_v - least_v >= kLeastSpread && std::abs(slope.across) <= kSteepest && std::abs(slope.down) <= kSteepest;
}

double percentile(const std::vector<CellLight>& cells, double share) {
  std::vector<double> values;
  for (const CellLight& cell : cells) values.push_back(cell.light);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Mean tint of the cells on the plane. Much colour is ink, and half of the rest may be the paper's.
LinearColor tint_of_whites(const std::vector<CellLight>& cells, const Slope& slope) {
  LinearColor sum{};
  float light = 0;
  for (const CellLight& cell : cells) {
    if (cell.light < slope.at(cell.u, cell.v) - kOnPlane) continue;
    for (std::size_t c = 0; c < 3; ++c) sum[c] += cell.color[c];
    light += luminance(cell.color);
  }
  if (light <= 0) return {1, 1, 1};
  for (float& value : sum) value /= light;
  const auto [least, most] = std::minmax({sum[0], sum[1], sum[2]});
  const float trust = 0.7F * std::clamp((0.6F - (most - least)) / 0.2F, 0.0F, 1.0F);
  for (float& value : sum) value = 1 + trust * (value - 1);
  return sum;
}

float smooth(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

// Luminance of the brighter things beside the region; full light where it fills the scene.
float light_around(ImageView scene, const Quad& quad) {
  const double side = std::sqrt(area(quad));
  const Quad wide = grown(quad, 0.3 * side);
  const Coverage around(wide);
  const Coverage own(grown(quad, 0.04 * side));
  const Rect box = bounds(wide, scene.size);
  const int step = std::max(1, static_cast<int>(side / 200));
  std::vector<float> light;
  for (int y = box.y; y < box.y + box.height; y += step)
    for (int x = box.x; x < box.x + box.width; x += step)
      if (around.all_inside(x, y, x + 1, y + 1) && own.all_outside(x, y, x + 1, y + 1)) light.push_back(luminance(linear_at(scene, x, y)));
  if (light.size() < 64) return 1;
  const auto at = light.begin() + static_cast<std::ptrdiff_t>(light.size() * 9 / 10);
  std::nth_element(light.begin(), at, light.end());
  return std::max(*at, 0.01F);
}

}  // namespace

std::optional<LightMap> light_on_print(ImageView scene, const Region& region) {
  LightMap map;
  map.box = bounds(region.quad, scene.size);
  const std::vector<CellLight> cells = lighter_parts(scene, region.quad, map.box);
  if (cells.size() < 16) return std::nullopt;
  Slope slope = upper_plane(cells);
  const bool all_over = whites_all_over(cells, slope);
  if (!all_over) slope = {percentile(cells, 0.98), 0, 0};
  const auto white = static_cast<float>(std::exp(slope.at(0.5, 0.5)));
  float trust = smooth(kNoWhite, kWhite, white);
  // In a dark photo whites are dark, and so is what lies around them.
  if (all_over) trust = std::max(trust, smooth(kBrighterAround, kAsBrightAround, white / light_around(scene, region.quad)));
  if (trust <= 0) return std::nullopt;
  const LinearColor tint = tint_of_whites(cells, slope);

  map.step = std::max(1, std::max(map.box.width, map.box.height) / 16);
  map.columns = (map.box.width + map.step - 1) / map.step;
  map.rows = (map.box.height + map.step - 1) / map.step;
  float farthest = 0;
  for (int row = 0; row < map.rows; ++row)
    for (int column = 0; column < map.columns; ++column) {
      const double u = (column + 0.5) * map.step / map.box.width;
      const double v = (row + 0.5) * map.step / map.box.height;
      const float light = std::min(1.0F, static_cast<float>(std::exp(slope.at(u, v))) / kPrintWhite);
      for (std::size_t c = 0; c < 3; ++c) {
        const float gain = std::clamp(1 + trust * (light * tint[c] - 1), 0.0F, kMostLight);
        map.rgb.push_back(gain);
        farthest = std::max(farthest, std::abs(gain - 1));
      }
    }
  if (farthest < 0.02F) return std::nullopt;
  return map;
}

}  // namespace vitrine
