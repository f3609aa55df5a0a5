#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "compose/row_pairs.h"
#include "compose/warp_kernel.h"
#include "vitrine/image/homography.h"

// Written for the eye, in double precision: the definition that the vector kernels are tested against.
namespace vitrine {
namespace {

struct Taps {
  int first = 0;
  std::vector<double> weight;
};

Taps taps_of(double centre, double extent) {
  const double half = box_width(extent) / 2;
  const double reach = kernel_reach(extent) + half;
  Taps taps;
  taps.first = static_cast<int>(std::ceil(centre - reach - 0.5));
  for (double t = taps.first + 0.5 - centre; t < reach; ++t)
    taps.weight.push_back((kernel_integral(extent, t + half) - kernel_integral(extent, t - half)) / (2 * half));
  return taps;
}

using Rgba = std::array<double, 4>;

Rgba texel(const WarpRun& run, int x, int y) {
  x = std::clamp(x, 0, run.width - 1);
  y = std::clamp(y, 0, run.height - 1);
  const std::int16_t* p = run.texels + y / 2 * run.stride + x * kPairValues + y % 2;
  Rgba color{};
  for (std::size_t c = 0; c < 4; ++c) color[c] = p[2 * c] / static_cast<double>(kLinearOne);
  return color;
}

void add(Rgba& sum, const Rgba& color, double weight) {
  for (std::size_t k = 0; k < 4; ++k) sum[k] += weight * color[k];
}

Rgba separable(const WarpRun& run, Point at, const Jacobian& j) {
  const Taps across = taps_of(at.x, std::min(std::hypot(j[0], j[1]), kMostTaps - 6.0));
  const Taps down = taps_of(at.y, std::min(std::hypot(j[2], j[3]), kMostTaps - 6.0));
  Rgba sum{};
  for (std::size_t r = 0; r < down.weight.size(); ++r)
    for (std::size_t c = 0; c < across.weight.size(); ++c)
      add(sum, texel(run, across.first + static_cast<int>(c), down.first + static_cast<int>(r)),
          down.weight[r] * across.weight[c]);
  return sum;
}

Rgba bilinear(const WarpRun& run, double u, double v) {
  const double x = std::floor(u - 0.5);
  const double y = std::floor(v - 0.5);
  const double right = u - 0.5 - x;
  const double lower = v - 0.5 - y;
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  Rgba sum{};
  add(sum, texel(run, x0, y0), (1 - right) * (1 - lower));
  add(sum, texel(run, x0 + 1, y0), right * (1 - lower));
  add(sum, texel(run, x0, y0 + 1), (1 - right) * lower);
  add(sum, texel(run, x0 + 1, y0 + 1), right * lower);
  return sum;
}

// The mean over the footprint's parallelogram.
Rgba area(const WarpRun& run, Point at, const Jacobian& j) {
  constexpr int kSamples = 32;  // per axis
  Rgba sum{};
  for (int row = 0; row < kSamples; ++row)
    for (int column = 0; column < kSamples; ++column) {
      const double s = (column + 0.5) / kSamples - 0.5;
      const double t = (row + 0.5) / kSamples - 0.5;
      add(sum, bilinear(run, at.x + s * j[0] + t * j[1], at.y + s * j[2] + t * j[3]), 1.0 / (kSamples * kSamples));
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
    Jacobian j = window_from_scene.jacobian(in_scene);
    for (double& entry : j) entry = bounded(entry);
    const Rgba sum = run.sampling == Sampling::separable ? separable(run, at, j) : area(run, at, j);
    const double alpha = std::clamp(sum[3], 0.0, 1.0);
    for (std::size_t k = 0; k < 4; ++k) rgba[k] = static_cast<float>(std::clamp(sum[k], 0.0, alpha));
  }
}

}  // namespace vitrine
