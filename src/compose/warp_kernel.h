#pragma once

#include <array>
#include <cstddef>

namespace vitrine {

/// How a run of output pixels is filtered.
enum class Sampling {
  separable,  ///< The footprint is nearly an upright rectangle in the artwork: box times reconstruction, per axis.
  probes,     ///< It is turned or sheared: a grid of bilinear probes over it.
};

/// A run of output pixels in one row and the window of texels that they read.
struct WarpRun {
  const float* texels = nullptr;  ///< Linear light, premultiplied, four floats a texel.
  std::ptrdiff_t stride = 0;      ///< Floats from one row of texels to the next.
  int width = 0;                  ///< Of the window, in texels; at least kWarpMargin.
  int height = 0;

  /// Takes scene pixels to texels of the window, row-major; texel i covers [i, i + 1).
  std::array<double, 9> window_from_scene{};
  double x = 0;  ///< Centre of the first output pixel, in scene pixels.
  double y = 0;
  int count = 0;
  Sampling sampling = Sampling::separable;
};

/// Most taps per axis, and what a window must hold beyond the footprint on each side.
inline constexpr int kWarpTaps = 32;
inline constexpr int kWarpMargin = 4;

/// The box that a footprint of `extent` texels is averaged over. A footprint of one texel or less needs none: then pixels
/// are copied, or interpolated, as sharp as they are. From two texels on it is the whole footprint.
inline float box_width(float extent) {
  constexpr float kPoint = 1.0F / 32;
  if (extent >= 2) return extent;
  return extent <= 1 ? kPoint : kPoint + (extent - 1) * (2 - kPoint);
}

/// Filters the run into `rgba`, four floats a pixel, premultiplied: the mean over each pixel's footprint of the artwork,
/// reconstructed by a tent where it shrinks by two or more and by Catmull-Rom below, clamped to [0, 1] and to alpha.
/// Reads nothing outside the window: taps beyond it are moved to its border. Uses the best instructions of the machine.
void warp_run(const WarpRun& run, float* rgba);

/// The same in plain double precision: the definition that the fast one is checked against.
void warp_run_reference(const WarpRun& run, float* rgba);

}  // namespace vitrine
