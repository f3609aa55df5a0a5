#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "compose/warp_kernel.h"
#include "vitrine/image/homography.h"

// Written for the eye, in double precision: the definition that the vector kernels are tested against.
namespace vitrine {
namespace {

double tent_integral(double t) {
  t = std::clamp(t, -1.0, 1.0);
  const double tail = (1 - std::abs(t)) * (1 - std::abs(t)) / 2;
  return t < 0 ? tail : 1 - tail;
}

double catmull_rom_integral(double t) {
  const double s = std::min(std::abs(t), 2.0);
  const double odd = s < 1 ? s - 5.0 / 6 * s * s * s + 0.375 * s * s * s * s
                           : -1.0 / 6 + 2 * s - 2 * s * s + 5.0 / 6 * s * s * s - 0.125 * s * s * s * s;
  return 0.5 + std::copysign(odd, t);
}

struct Taps {
  int first = 0;
  std::vector<double> weight;
};

Taps taps_of(double centre, double extent, int window) {
  const bool sharp = extent < 2;
  const double width = static_cast<double>(box_width(static_cast<float>(extent)));
  const double reach = (sharp ? 2 : 1) + width / 2;
  const int first = static_cast<int>(std::ceil(centre - reach - 0.5));
  const int last = static_cast<int>(std::floor(centre + reach - 0.5));
  Taps taps;
  const int count = std::clamp(last - first + 1, 1, std::min(kWarpTaps, window));
  for (int i = 0; i < count; ++i) {
    const double t = first + i + 0.5 - centre;
    const double share = sharp ? catmull_rom_integral(t + width / 2) - catmull_rom_integral(t - width / 2)
                               : tent_integral(t + width / 2) - tent_integral(t - width / 2);
    taps.weight.push_back(share / width);
  }
  taps.first = std::clamp(first, 0, window - count);
  return taps;
}

double extent_of(double across, double down) { return std::min(std::hypot(across, down), kWarpTaps - 6.0); }

using Rgba = std::array<double, 4>;

Rgba texel(const WarpRun& run, int x, int y) {
  const float* p = run.texels + std::clamp(y, 0, run.height - 1) * run.stride +
                   static_cast<std::ptrdiff_t>(std::clamp(x, 0, run.width - 1)) * 4;
  return {p[0], p[1], p[2], p[3]};
}

void add(Rgba& sum, const Rgba& color, double weight) {
  for (std::size_t k = 0; k < 4; ++k) sum[k] += weight * color[k];
}

Rgba separable(const WarpRun& run, Point at, const std::array<double, 4>& j) {
  const Taps across = taps_of(at.x, extent_of(j[0], j[1]), run.width);
  const Taps down = taps_of(at.y, extent_of(j[2], j[3]), run.height);
  Rgba sum{};
  for (std::size_t r = 0; r < down.weight.size(); ++r)
    for (std::size_t c = 0; c < across.weight.size(); ++c)
      add(sum, texel(run, across.first + static_cast<int>(c), down.first + static_cast<int>(r)),
          down.weight[r] * across.weight[c]);
  return sum;
}

Rgba bilinear(const WarpRun& run, double u, double v) {
  const double x = std::clamp(u - 0.5, 0.0, run.width - 1.001);
  const double y = std::clamp(v - 0.5, 0.0, run.height - 1.001);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  Rgba sum{};
  add(sum, texel(run, x0, y0), (1 - (x - x0)) * (1 - (y - y0)));
  add(sum, texel(run, x0 + 1, y0), (x - x0) * (1 - (y - y0)));
  add(sum, texel(run, x0, y0 + 1), (1 - (x - x0)) * (y - y0));
  add(sum, texel(run, x0 + 1, y0 + 1), (x - x0) * (y - y0));
  return sum;
}

Rgba probes(const WarpRun& run, Point at, const std::array<double, 4>& j) {
  const auto probes_for = [](double a, double b) { return std::clamp(static_cast<int>(std::ceil(extent_of(a, b))), 1, 16); };
  const int across = probes_for(j[0], j[2]);
  const int down = probes_for(j[1], j[3]);
  Rgba sum{};
  for (int row = 0; row < down; ++row)
    for (int column = 0; column < across; ++column) {
      const double s = (column + 0.5) / across - 0.5;
      const double t = (row + 0.5) / down - 0.5;
      add(sum, bilinear(run, at.x + s * j[0] + t * j[1], at.y + s * j[2] + t * j[3]), 1.0 / (across * down));
    }
  return sum;
}

double bounded(double value) { return !(value > -1e6) ? -1e6 : std::min(value, 1e6); }

}  // namespace

void warp_run_reference(const WarpRun& run, float* rgba) {
  const Homography window_from_scene{run.window_from_scene};
  for (int i = 0; i < run.count; ++i, rgba += 4) {
    const Point in_scene{run.x + i, run.y};
    const Point exact = window_from_scene(in_scene);
    const Point at{bounded(exact.x), bounded(exact.y)};
    std::array<double, 4> j = window_from_scene.jacobian(in_scene);
    for (double& entry : j) entry = bounded(entry);
    const Rgba sum = run.sampling == Sampling::separable ? separable(run, at, j) : probes(run, at, j);
    const double alpha = std::clamp(sum[3], 0.0, 1.0);
    for (std::size_t k = 0; k < 4; ++k) rgba[k] = static_cast<float>(std::clamp(sum[k], 0.0, alpha));
  }
}

}  // namespace vitrine
