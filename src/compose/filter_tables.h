#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrine {

/// Texels that a vector of column weights covers.
inline constexpr int kColumnGroup = 8;

/// Most texels that a filter may span along an axis.
inline constexpr int kMostTaps = 32;

/// One in the row weights and area weights.
inline constexpr int kWeightOne = 32768;

/// Zeros behind the weights of columns and areas, which vectors read and do not use.
inline constexpr int kTableSlack = 16;

/// Where a filter lies along one axis. With s = round((centre - before) * phases), the first tap is texel
/// floor(s / phases) + 1, the phase s mod phases.
struct Span {
  int phases_log2 = 0;
  float before = 0;
  int taps = 1;
};

/// Weights along rows of texels, by phase; each phase has `groups` times kColumnGroup of them, zeros at the end.
/// They sum to 1 / (kWeightOne * kLinearOne).
struct ColumnFilter {
  Span span;
  int groups = 1;
  std::vector<float> weights;
};

/// Weights across rows of texels. Rows come in pairs, 2k and 2k + 1, so there are twice as many phases: first those
/// whose first tap is an even row. A number holds the two weights of a pair, the even row's in its low half; they sum to
/// kWeightOne.
struct RowFilter {
  Span span;
  int pairs = 1;
  std::vector<std::int32_t> weights;
};

/// Weights of both axes at once, for footprints that are turned or sheared: by row phase (as in RowFilter), then column
/// phase, then pair of rows, then column.
struct AreaFilter {
  Span columns;
  Span rows;
  int groups = 1;
  int pairs = 1;
  std::vector<std::int32_t> weights;
};

/// How a footprint changes from one output pixel to the next: {du/dx, du/dy, dv/dx, dv/dy} in texels.
using Jacobian = std::array<double, 4>;

/// The box that a footprint of `extent` texels is averaged over. A footprint of one texel or less needs none: then pixels
/// are copied, or interpolated, as sharp as they are. From two texels on it is the whole footprint.
double box_width(double extent);

/// Integral from minus infinity to t of the kernel that texels are joined by: a tent where the extent is two or more, or
/// else Catmull-Rom; and how far that kernel reaches.
double kernel_integral(double extent, double t);
double kernel_reach(double extent);

/// Filters made once and kept for the footprints that come again. Their extents are rounded to 1/32 texel, those of turned
/// footprints to a 64th of the largest. One thread at a time.
class FilterTables {
 public:
  /// For a footprint of `extent` texels along the axis, at most kMostTaps - 6.
  const ColumnFilter& columns(double extent);
  const RowFilter& rows(double extent);

  /// For a footprint whose bounding box is at most kMostTaps - 6 texels wide and high. Valid until the next call.
  const AreaFilter& area(const Jacobian& footprint);

 private:
  static constexpr std::size_t kSlots = 64;
  template <typename Filter>
  struct Slot {
    int key = -1;
    Filter filter;
  };
  struct AreaSlot {
    std::array<int, 5> key{};
    AreaFilter filter;
  };
  std::array<Slot<ColumnFilter>, kSlots> columns_;
  std::array<Slot<RowFilter>, kSlots> rows_;
  std::array<AreaSlot, 32> areas_;
};

}  // namespace vitrine
