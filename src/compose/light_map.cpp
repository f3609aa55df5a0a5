#include "compose/light_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// White paper and primed canvas send back about this share of the light (0.88 to 0.95 by measurement of common stock).
constexpr float kPaperAlbedo = 0.92F;
// A surface this bright is taken for white in full light; one this dark for a screen that is off.
constexpr float kBright = 0.55F;
constexpr float kDark = 0.06F;

float luminance(const float* rgb) { return 0.2126F * rgb[0] + 0.7152F * rgb[1] + 0.0722F * rgb[2]; }

// Mean colours over cells of step x step pixels, taken only from pixels well inside the region.
struct Cells {
  LightMap map;
  std::vector<float> weight;  // pixels behind each mean; 0: unknown
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) + static_cast<std::size_t>(column);
  }
  float* color(std::size_t cell) { return map.rgb.data() + cell * 3; }
  const float* color(std::size_t cell) const { return map.rgb.data() + cell * 3; }
};

int step_for(const Quad& quad) { return std::clamp(static_cast<int>(std::sqrt(area(quad)) / 120), 1, 8); }

Cells average_cells(ImageView scene, const Region& region) {
  Cells cells;
  LightMap& map = cells.map;
  map.box = bounds(region.quad, scene.size);
  map.step = step_for(region.quad);
  map.columns = (map.box.width + map.step - 1) / map.step;
  map.rows = (map.box.height + map.step - 1) / map.step;
  const auto count = static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows);
  map.rgb.assign(count * 3, 0);
  cells.weight.assign(count, 0);

  // The frame's anti-aliased rim, its inner shadow line and JPEG ringing are no light on the surface.
  const double inset = std::clamp(std::sqrt(area(region.quad)) * 0.008, 1.5, 6.0);
  const Coverage inside(grown(region.quad, -inset));
  const auto& linear = linear_from_srgb8();
  const int bytes = bytes_per_pixel(scene.format);
  const bool color = scene.format != PixelFormat::gray8;
  for (int y = map.box.y; y < map.box.y + map.box.height; ++y)
    for (int x = map.box.x; x < map.box.x + map.box.width; ++x) {
      if (!inside.all_inside(x, y, x + 1, y + 1)) continue;
      const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes;
      if (scene.format == PixelFormat::rgba8 && pixel[3] < 255) continue;
      const std::size_t cell = cells.index((x - map.box.x) / map.step, (y - map.box.y) / map.step);
      for (std::size_t c = 0; c < 3; ++c) cells.color(cell)[c] += linear[pixel[color ? c : 0]];
      cells.weight[cell] += 1;
    }
  for (std::size_t i = 0; i < count; ++i)
    if (cells.weight[i] > 0)
      for (std::size_t c = 0; c < 3; ++c) cells.color(i)[c] /= cells.weight[i];
  return cells;
}

float percentile(std::vector<float> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

std::vector<float> known_luminances(const Cells& cells) {
  std::vector<float> values;
  for (std::size_t i = 0; i < cells.weight.size(); ++i)
    if (cells.weight[i] > 0) values.push_back(luminance(cells.color(i)));
  return values;
}

// Share of pairs of cells a thirtieth of the region apart that differ by more than a twelfth: light changes slowly but for
// shadow edges, print does not.
double roughness(const Cells& cells, float reference) {
  int pairs = 0;
  int rough = 0;
  const auto compare = [&](std::size_t a, std::size_t b) {
    if (cells.weight[a] == 0 || cells.weight[b] == 0) return;
    const float la = luminance(cells.color(a));
    const float lb = luminance(cells.color(b));
    ++pairs;
    if (std::abs(la - lb) > 0.08F * std::max(std::max(la, lb), 0.25F * reference)) ++rough;
  };
  const int across = std::max(1, cells.map.columns / 30);
  const int down = std::max(1, cells.map.rows / 30);
  for (int row = 0; row < cells.map.rows; ++row)
    for (int column = 0; column < cells.map.columns; ++column) {
      if (column >= across) compare(cells.index(column, row), cells.index(column - across, row));
      if (row >= down) compare(cells.index(column, row), cells.index(column, row - down));
    }
  return pairs == 0 ? 1 : static_cast<double>(rough) / pairs;
}

// One pass of a 1-2-1 filter along both axes that passes over unknown cells and fills those beside known ones.
void smooth(Cells& cells) {
  const LightMap& map = cells.map;
  Cells next = cells;
  for (int row = 0; row < map.rows; ++row)
    for (int column = 0; column < map.columns; ++column) {
      std::array<float, 3> sum{};
      float total = 0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
          const int c = column + dx;
          const int r = row + dy;
          if (c < 0 || r < 0 || c >= map.columns || r >= map.rows) continue;
          const std::size_t other = cells.index(c, r);
          if (cells.weight[other] == 0) continue;
          const float weight = static_cast<float>((2 - std::abs(dx)) * (2 - std::abs(dy)));
          for (std::size_t k = 0; k < 3; ++k) sum[k] += weight * cells.color(other)[k];
          total += weight;
        }
      const std::size_t here = cells.index(column, row);
      if (total == 0) continue;
      for (std::size_t k = 0; k < 3; ++k) next.color(here)[k] = sum[k] / total;
      next.weight[here] = 1;
    }
  cells = std::move(next);
}

void fill_unknown(Cells& cells) {
  const int most = std::max(cells.map.columns, cells.map.rows);
  for (int i = 0; i < most; ++i) {
    if (std::find(cells.weight.begin(), cells.weight.end(), 0.0F) == cells.weight.end()) return;
    Cells next = cells;
    smooth(next);
    for (std::size_t cell = 0; cell < cells.weight.size(); ++cell)
      if (cells.weight[cell] == 0 && next.weight[cell] > 0) {
        std::copy_n(next.color(cell), 3, cells.color(cell));
        cells.weight[cell] = 1;
      }
  }
}

float smoothstep(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

// The colour that artwork white takes where the surface shows `reference`, its own colour at its brightest. Bright paper
// gives its albedo; a darker sheet stands partly in poor light and is partly grey; on a dark screen only the changes of
// light count.
float white_for(float reference) {
  const float paper = kPaperAlbedo * std::sqrt(std::min(1.0F, reference / kBright));
  const float share = smoothstep(kDark, 4 * kDark, reference);
  return share * paper + (1 - share) * reference;
}

// How much of the surface's tint is paint, in [0, 1], and must not colour the artwork: lamps and windows tint white by up
// to about a quarter.
float painted_share(const Cells& cells, float reference) {
  std::array<float, 3> sum{};
  for (std::size_t i = 0; i < cells.weight.size(); ++i)
    if (cells.weight[i] > 0 && luminance(cells.color(i)) > 0.5F * reference)
      for (std::size_t c = 0; c < 3; ++c) sum[c] += cells.color(i)[c];
  const auto [least, most] = std::minmax({sum[0], sum[1], sum[2]});
  return smoothstep(0.20F, 0.45F, (most - least) / luminance(sum.data()));
}

}  // namespace

LightMap::Gain LightMap::at(int x, int y) const {
  const float u = std::clamp((static_cast<float>(x - box.x) + 0.5F) / static_cast<float>(step) - 0.5F, 0.0F,
                             static_cast<float>(columns - 1));
  const float v = std::clamp((static_cast<float>(y - box.y) + 0.5F) / static_cast<float>(step) - 0.5F, 0.0F,
                             static_cast<float>(rows - 1));
  const int c0 = std::min(static_cast<int>(u), std::max(0, columns - 2));
  const int r0 = std::min(static_cast<int>(v), std::max(0, rows - 2));
  const int c1 = std::min(c0 + 1, columns - 1);
  const int r1 = std::min(r0 + 1, rows - 1);
  const float du = u - static_cast<float>(c0);
  const float dv = v - static_cast<float>(r0);
  const auto color = [&](int column, int row) {
    return rgb.data() + (static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)) * 3;
  };
  const float* a = color(c0, r0);
  const float* b = color(c1, r0);
  const float* c = color(c0, r1);
  const float* d = color(c1, r1);
  const auto mix = [&](int k) {
    const float top = a[k] + du * (b[k] - a[k]);
    const float bottom = c[k] + du * (d[k] - c[k]);
    return top + dv * (bottom - top);
  };
  return {mix(0), mix(1), mix(2)};
}

std::optional<LightMap> measure_light(ImageView scene, const Region& region) {
  if (region.shows == Shows::hole || region.shows == Shows::key || region.shows == Shows::filled) return std::nullopt;
  Cells cells = average_cells(scene, region);
  const std::vector<float> luminances = known_luminances(cells);
  if (luminances.size() < 16) return std::nullopt;
  const float reference = percentile(luminances, 0.9);
  if (reference < 0.004F) return std::nullopt;
  // A detector that says "plain" has looked; anybody else's quad may lie on a print.
  if (roughness(cells, reference) > (region.shows == Shows::plain ? 0.25 : 0.12)) return std::nullopt;

  const float paint = painted_share(cells, reference);
  fill_unknown(cells);
  smooth(cells);
  const float scale = white_for(reference);
  for (std::size_t i = 0; i < cells.weight.size(); ++i) {
    const float grey = luminance(cells.color(i));
    for (std::size_t c = 0; c < 3; ++c) {
      const float light = (1 - paint) * cells.color(i)[c] + paint * grey;
      cells.color(i)[c] = std::clamp(light / scale, 0.0F, 4.0F);
    }
  }
  return std::move(cells.map);
}

}  // namespace vitrine
