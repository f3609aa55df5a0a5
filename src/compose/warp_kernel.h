#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "compose/filter_tables.h"
#include "compose/row_fetch.h"

namespace vitrine {

/// How a run of output pixels is filtered.
enum class Sampling {
  separable,  ///< The footprint is nearly an upright rectangle in the artwork: box times reconstruction, per axis.
  area,       ///< It is turned or sheared: the box of the footprint itself, reconstructed by a tent.
};

/// A run of output pixels in one row and the window of texels that they read.
struct WarpRun {
  const std::int16_t* texels = nullptr;  ///< Pairs of rows, as pair_rows() makes them.
  std::ptrdiff_t stride = 0;             ///< Values from one pair of rows to the next.
  int width = 0;                         ///< Of the window, in texels; at least kLeastWindow.
  int height = 0;                        ///< The same.

  /// Takes scene pixels to texels of the window, row-major; texel i covers [i, i + 1).
  std::array<double, 9> window_from_scene{};
  double x = 0;  ///< Centre of the first output pixel, in scene pixels.
  double y = 0;
  int count = 0;
  double block_y = 0;  ///< Middle of the rows that share their turned footprints with this one, in scene pixels.
  Sampling sampling = Sampling::separable;
  RowFetch* ahead = nullptr;  ///< Stepped meanwhile, if it is there.
};

/// Smallest side of a window.
inline constexpr int kLeastWindow = 8;

/// What must be readable behind a window: texels behind its last one of a row, and pairs of rows behind its last. They
/// are given no weight.
inline constexpr int kSlackTexels = kMostTaps;
inline constexpr int kSlackPairs = 2;

/// Output pixels of a row whose footprints are taken to be equally large; turned ones, of kSameArea columns and as many
/// rows.
inline constexpr int kSameFootprint = 32;
inline constexpr int kSameArea = 32;

/// Filters the run into `rgba`, four floats a pixel, linear light, premultiplied: the mean over each pixel's footprint of
/// the artwork, reconstructed by a tent where it shrinks by two or more and by Catmull-Rom below, clamped to [0, 1] and
/// to alpha. Reads nothing outside the window and its slack: filters that would reach beyond are moved inside. Uses the
/// best instructions of the machine. Those that fuse multiplication and addition give the same bits; the others differ
/// from them by 1e-6.
void warp_run(const WarpRun& run, FilterTables& tables, float* rgba);

/// The same in plain double precision, without tables: the definition that the fast one is checked against. Positions are
/// exact here; warp_run() rounds them to 1/64 texel, to 1/256 where an artwork is magnified, to 1/16 for turned
/// footprints.
void warp_run_reference(const WarpRun& run, float* rgba);

}  // namespace vitrine
