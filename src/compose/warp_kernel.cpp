// Compiled once for each instruction set that Highway knows on this architecture; the best one is chosen at run time.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compose/warp_kernel.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "compose/row_pairs.h"
#include "compose/warp_kernel.h"
#include "vitrine/image/homography.h"

#ifndef VITRINE_COMPOSE_WARP_KERNEL_ONCE
#define VITRINE_COMPOSE_WARP_KERNEL_ONCE
namespace vitrine {
namespace {

// Up to kSameFootprint output pixels: where the middle of them falls, and how texel coordinates change there.
struct Stretch {
  int count = 0;
  float middle = 0;  // in output pixels from the first one
  float u = 0;
  float v = 0;
  float u_x = 0;  // u + dx u_x / (1 + dx bend) is exact for a pixel dx from the middle
  float v_x = 0;
  float bend = 0;
  Jacobian footprint{};
};

// A pixel beside the surface can map to infinity or to no number at all; filters are moved into the window anyway.
double bounded(double texel) {
  constexpr double kFar = 1e6;
  return !(texel > -kFar) ? -kFar : std::min(texel, kFar);
}

Stretch stretch_at(const WarpRun& run, int first) {
  const auto& m = run.window_from_scene;
  Stretch stretch;
  stretch.count = std::min(kSameFootprint, run.count - first);
  const double middle = (stretch.count - 1) / 2.0;
  const double x = run.x + first + middle;
  const double scale = 1 / (m[6] * x + m[7] * run.y + m[8]);
  const double u = bounded((m[0] * x + m[1] * run.y + m[2]) * scale);
  const double v = bounded((m[3] * x + m[4] * run.y + m[5]) * scale);
  stretch.footprint = {bounded((m[0] - u * m[6]) * scale), bounded((m[1] - u * m[7]) * scale),
                       bounded((m[3] - v * m[6]) * scale), bounded((m[4] - v * m[7]) * scale)};
  stretch.middle = static_cast<float>(middle);
  stretch.u = static_cast<float>(u);
  stretch.v = static_cast<float>(v);
  stretch.u_x = static_cast<float>(stretch.footprint[0]);
  stretch.v_x = static_cast<float>(stretch.footprint[2]);
  stretch.bend = static_cast<float>(bounded(m[6] * scale));
  return stretch;
}

// Not std::hypot: nothing here comes near an overflow.
double length(double a, double b) { return std::sqrt(a * a + b * b); }

// A filter must fit into its window, of which a margin may be needed for rounding.
double most_extent(int side) { return std::min(kMostTaps, side) - 6.0; }

// The footprint in the middle of the block that holds most of a stretch, made smaller if its bounding box does not fit
// into the window.
Jacobian block_footprint(const WarpRun& run, double middle) {
  const Point block{(std::floor(middle / kSameArea) + 0.5) * kSameArea, run.block_y};
  Jacobian j = Homography{run.window_from_scene}.jacobian(block);
  for (double& entry : j) entry = bounded(entry);
  const double wide = (std::abs(j[0]) + std::abs(j[1])) / most_extent(run.width);
  const double high = (std::abs(j[2]) + std::abs(j[3])) / most_extent(run.height);
  const double too_large = std::max({wide, high, 1.0});
  for (double& entry : j) entry /= too_large;
  return j;
}

// Where the filters of a stretch begin: values from the window's first, and phases.
struct Places {
  alignas(64) std::int32_t value[kSameFootprint];
  alignas(64) std::int32_t column_phase[kSameFootprint];
  alignas(64) std::int32_t row_phase[kSameFootprint];
};

// Cache lines asked for during a stretch: what a stretch of the next tile will read, and some more.
constexpr int kLinesAhead = 32;

constexpr float kAreaOne = static_cast<float>(kWeightOne) * kLinearOne;

}  // namespace
}  // namespace vitrine
#endif  // VITRINE_COMPOSE_WARP_KERNEL_ONCE

#if HWY_TARGET == HWY_AVX3_DL
// Highway 1.0.3 chooses this target only where AVX-512 has dot products, but forgets to tell the compiler.
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR ",avx512vnni")
#else
HWY_BEFORE_NAMESPACE();
#endif
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Floats>;
using Shorts = hn::Repartition<std::int16_t, Ints>;
using FloatVector = hn::Vec<Floats>;
using IntVector = hn::Vec<Ints>;

// First tap of each pixel along one axis, in steps of a phase, moved into a window of `side` texels.
HWY_INLINE IntVector steps(const Span& span, int side, float middle, float rate, FloatVector bent_dx) {
  const Floats d;
  const Ints di;
  const float phases = static_cast<float>(1 << span.phases_log2);
  const FloatVector texel = hn::Add(hn::Mul(bent_dx, hn::Set(d, rate)), hn::Set(d, middle - span.before));
  const IntVector step = hn::NearestInt(hn::Mul(texel, hn::Set(d, phases)));
  const int least = -(1 << span.phases_log2);
  const int most = ((side - span.taps + 1) << span.phases_log2) - 1 + least;
  return hn::Sub(hn::Max(hn::Min(step, hn::Set(di, most)), hn::Set(di, least)), hn::Set(di, least));
}

HWY_INLINE void place(const WarpRun& run, const Stretch& stretch, const Span& columns, const Span& rows, Places& places) {
  const Floats d;
  const Ints di;
  const auto one = hn::Set(d, 1.0F);
  const auto mask_of = [&](int bits) { return hn::Set(di, (1 << bits) - 1); };
  for (int i = 0; i < kSameFootprint; i += static_cast<int>(hn::Lanes(d))) {
    const auto dx = hn::Sub(hn::Iota(d, static_cast<float>(i)), hn::Set(d, stretch.middle));
    const auto bent_dx = hn::Div(dx, hn::Add(one, hn::Mul(dx, hn::Set(d, stretch.bend))));
    const auto across = steps(columns, run.width, stretch.u, stretch.u_x, bent_dx);
    const auto down = steps(rows, run.height, stretch.v, stretch.v_x, bent_dx);
    const auto texel = hn::ShiftRightSame(across, columns.phases_log2);
    const auto pair = hn::ShiftRightSame(down, rows.phases_log2 + 1);
    hn::Store(hn::Add(hn::Mul(pair, hn::Set(di, static_cast<std::int32_t>(run.stride))),
                      hn::ShiftLeft<3>(texel)), di, places.value + i);
    hn::Store(hn::And(across, mask_of(columns.phases_log2)), di, places.column_phase + i);
    hn::Store(hn::And(down, mask_of(rows.phases_log2 + 1)), di, places.row_phase + i);
  }
}

#if HWY_TARGET == HWY_SCALAR

// A machine without vectors.
void put_clamped(const float* sum, float* out) {
  const float alpha = std::min(sum[3], 1.0F);
  for (int c = 0; c < 4; ++c) out[c] = std::max(std::min(sum[c], alpha), 0.0F);
}

std::int32_t pair_sum(const std::int16_t* values, std::int32_t weights) {
  return values[0] * static_cast<std::int16_t>(weights & 0xFFFF) + values[1] * (weights >> 16);
}

void separable(const WarpRun& run, const ColumnFilter& columns, const RowFilter& rows, const Places& places, float* rgba) {
  for (int i = 0; i < kSameFootprint; ++i) {
    const float* across = columns.weights.data() + static_cast<std::ptrdiff_t>(places.column_phase[i]) * columns.groups * kColumnGroup;
    const std::int32_t* down = rows.weights.data() + static_cast<std::ptrdiff_t>(places.row_phase[i]) * rows.pairs;
    float sum[4] = {};
    for (int c = 0; c < columns.span.taps; ++c)
      for (int k = 0; k < 4; ++k) {
        const std::int16_t* value = run.texels + places.value[i] + (4 * c + k) * 2;
        std::int32_t column = 0;
        for (int p = 0; p < rows.pairs; ++p) column += pair_sum(value + p * run.stride, down[p]);
        sum[k] += static_cast<float>(column) * across[c];
      }
    put_clamped(sum, rgba + static_cast<std::ptrdiff_t>(4) * i);
  }
}

void area(const WarpRun& run, const AreaFilter& filter, const Places& places, float* rgba) {
  const int width = filter.groups * kColumnGroup;
  for (int i = 0; i < kSameFootprint; ++i) {
    const std::ptrdiff_t phase = (static_cast<std::ptrdiff_t>(places.row_phase[i]) << filter.columns.phases_log2) + places.column_phase[i];
    const std::int32_t* weights = filter.weights.data() + phase * filter.pairs * width;
    std::int32_t total[4] = {};
    for (int p = 0; p < filter.pairs; ++p)
      for (int c = 0; c < width; ++c)
        for (int k = 0; k < 4; ++k)
          total[k] += pair_sum(run.texels + places.value[i] + p * run.stride + (4 * c + k) * 2, weights[p * width + c]);
    float sum[4];
    for (int k = 0; k < 4; ++k) sum[k] = static_cast<float>(total[k]) * (1 / kAreaOne);
    put_clamped(sum, rgba + static_cast<std::ptrdiff_t>(4) * i);
  }
}

#else

constexpr int kLanes = static_cast<int>(hn::MaxLanes(Ints()));
constexpr int kTexels = kLanes / 4;                 // in a vector
constexpr int kVectors = kColumnGroup / kTexels;    // in a group of columns
alignas(64) constexpr std::int32_t kTexelOfLane[16] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};

// Adds to each sum the products of both rows of a pair.
HWY_INLINE IntVector add_pairs(IntVector sum, IntVector values, IntVector weights) {
#if HWY_TARGET == HWY_AVX3_DL
  return IntVector{_mm512_dpwssd_epi32(sum.raw, values.raw, weights.raw)};
#elif HWY_TARGET == HWY_AVX3
  return hn::Add(sum, IntVector{_mm512_madd_epi16(values.raw, weights.raw)});
#elif HWY_TARGET == HWY_AVX2
  return hn::Add(sum, IntVector{_mm256_madd_epi16(values.raw, weights.raw)});
#elif HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3
  return hn::Add(sum, IntVector{_mm_madd_epi16(values.raw, weights.raw)});
#else
  const auto even = [](IntVector v) { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
  const auto odd = [](IntVector v) { return hn::ShiftRight<16>(v); };
  return hn::Add(sum, hn::Add(hn::Mul(even(values), even(weights)), hn::Mul(odd(values), odd(weights))));
#endif
}

HWY_INLINE IntVector values_at(const std::int16_t* at) {
  return hn::BitCast(Ints(), hn::LoadU(Shorts(), at));
}

// A vector for each of kTexels pixels, each with the sums of kTexels texels, becomes one with a colour a pixel. Whatever
// the vector's size, texels are added in the same order: (0 + 2) + (1 + 3).
template <class D, class V = hn::Vec<D>>
HWY_INLINE V colors_of(D d, const V* sums) {
  if constexpr (kTexels == 4) {
    const V even = hn::Add(hn::ConcatLowerLower(d, sums[2], sums[0]), hn::ConcatUpperUpper(d, sums[2], sums[0]));
    const V odd = hn::Add(hn::ConcatLowerLower(d, sums[3], sums[1]), hn::ConcatUpperUpper(d, sums[3], sums[1]));
    return hn::Add(hn::OddEvenBlocks(hn::SwapAdjacentBlocks(odd), even), hn::OddEvenBlocks(odd, hn::SwapAdjacentBlocks(even)));
  } else if constexpr (kTexels == 2) {
    return hn::Add(hn::ConcatLowerLower(d, sums[1], sums[0]), hn::ConcatUpperUpper(d, sums[1], sums[0]));
  } else {
    (void)d;
    return sums[0];
  }
}

HWY_INLINE void put_clamped(FloatVector colors, float* out) {
  const Floats d;
  const auto alpha = hn::Min(hn::Broadcast<3>(colors), hn::Set(d, 1.0F));
  hn::StoreU(hn::Max(hn::Min(colors, alpha), hn::Zero(d)), d, out);
}

// One pixel's sums over rows, weighted along them. kPairs is the number of pairs if it is known, or 0.
template <int kPairs>
HWY_INLINE FloatVector separable_at(const WarpRun& run, const ColumnFilter& columns, const RowFilter& rows,
                                    const Places& places, int i) {
  const Floats d;
  const Ints di;
  const int pairs = kPairs > 0 ? kPairs : rows.pairs;
  const int groups = kPairs > 0 ? 1 : columns.groups;
  const float* across = columns.weights.data() + places.column_phase[i] * groups * kColumnGroup;
  const std::int32_t* down = rows.weights.data() + places.row_phase[i] * pairs;
  const std::int16_t* corner = run.texels + places.value[i];
  const auto spread = hn::SetTableIndices(d, kTexelOfLane);
  FloatVector total[(kVectors + 1) / 2];
  for (auto& sum : total) sum = hn::Zero(d);
  for (int g = 0; g < groups; ++g, corner += kColumnGroup * kPairValues, across += kColumnGroup) {
    IntVector column[kVectors];
    for (auto& sum : column) sum = hn::Zero(di);
    const std::int16_t* row = corner;
    for (int p = 0; p < pairs; ++p, row += run.stride) {
      const auto weight = hn::Set(di, down[p]);
      for (int v = 0; v < kVectors; ++v)
        column[v] = add_pairs(column[v], values_at(row + v * kTexels * kPairValues), weight);
    }
    const auto weight_of = [&](int v) { return hn::TableLookupLanes(hn::LoadU(d, across + v * kTexels), spread); };
    for (int v = 0; v < kVectors / 2; ++v) {
      const auto near = hn::Mul(hn::ConvertTo(d, column[v]), weight_of(v));
      const auto both = hn::MulAdd(hn::ConvertTo(d, column[v + kVectors / 2]), weight_of(v + kVectors / 2), near);
      total[v] = groups == 1 ? both : hn::Add(total[v], both);
    }
  }
  if constexpr (kTexels == 4)
    return total[0];
  else if constexpr (kTexels == 2)
    return hn::Add(total[0], total[1]);
  else
    return hn::Add(hn::Add(total[0], total[2]), hn::Add(total[1], total[3]));
}

template <int kPairs>
HWY_INLINE void separable_of(const WarpRun& run, const ColumnFilter& columns, const RowFilter& rows,
                             const Places& places, float* rgba) {
  for (int i = 0; i < kSameFootprint; i += kTexels) {
    FloatVector sums[kTexels];
    for (int k = 0; k < kTexels; ++k) sums[k] = separable_at<kPairs>(run, columns, rows, places, i + k);
    put_clamped(colors_of(Floats(), sums), rgba + 4 * i);
  }
}

void separable(const WarpRun& run, const ColumnFilter& columns, const RowFilter& rows, const Places& places, float* rgba) {
  const int pairs = columns.groups == 1 ? rows.pairs : 0;
  switch (pairs) {
    case 3: return separable_of<3>(run, columns, rows, places, rgba);
    case 4: return separable_of<4>(run, columns, rows, places, rgba);
    case 5: return separable_of<5>(run, columns, rows, places, rgba);
    default: return separable_of<0>(run, columns, rows, places, rgba);
  }
}

HWY_INLINE IntVector area_at(const WarpRun& run, const AreaFilter& filter, const Places& places, int i) {
  const Ints di;
  const auto spread = hn::SetTableIndices(di, kTexelOfLane);
  const int width = filter.groups * kColumnGroup;
  const int phase = (places.row_phase[i] << filter.columns.phases_log2) + places.column_phase[i];
  const std::int32_t* weights = filter.weights.data() + static_cast<std::ptrdiff_t>(phase) * filter.pairs * width;
  const std::int16_t* row = run.texels + places.value[i];
  IntVector even = hn::Zero(di);
  IntVector odd = hn::Zero(di);
  for (int p = 0; p < filter.pairs; ++p, row += run.stride, weights += width)
    for (int c = 0; c < width; c += 2 * kTexels) {
      even = add_pairs(even, values_at(row + c * kPairValues), hn::TableLookupLanes(hn::LoadU(di, weights + c), spread));
      odd = add_pairs(odd, values_at(row + (c + kTexels) * kPairValues),
                      hn::TableLookupLanes(hn::LoadU(di, weights + c + kTexels), spread));
    }
  return hn::Add(even, odd);
}

void area(const WarpRun& run, const AreaFilter& filter, const Places& places, float* rgba) {
  const Floats d;
  for (int i = 0; i < kSameFootprint; i += kTexels) {
    IntVector sums[kTexels];
    for (int k = 0; k < kTexels; ++k) sums[k] = area_at(run, filter, places, i + k);
    put_clamped(hn::Mul(hn::ConvertTo(d, colors_of(Ints(), sums)), hn::Set(d, 1 / kAreaOne)), rgba + 4 * i);
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

HWY_INLINE void filter_stretch(const WarpRun& run, const Stretch& stretch, int first, FilterTables& tables, float* rgba) {
  Places places;
  if (run.sampling == Sampling::separable) {
    const Jacobian& j = stretch.footprint;
    const ColumnFilter& columns = tables.columns(std::min(length(j[0], j[1]), most_extent(run.width)));
    const RowFilter& rows = tables.rows(std::min(length(j[2], j[3]), most_extent(run.height)));
    place(run, stretch, columns.span, rows.span, places);
    separable(run, columns, rows, places, rgba);
  } else {
    const AreaFilter& filter = tables.area(block_footprint(run, run.x + first + static_cast<double>(stretch.middle)));
    place(run, stretch, filter.columns, filter.rows, places);
    area(run, filter, places, rgba);
  }
}

void warp_run_here(const WarpRun& run, FilterTables& tables, float* rgba) {
  alignas(64) float part[4 * kSameFootprint];
  for (int first = 0; first < run.count; first += kSameFootprint, rgba += std::ptrdiff_t{4} * kSameFootprint) {
    const Stretch stretch = stretch_at(run, first);
    if (run.ahead != nullptr) run.ahead->step(kLinesAhead);
    if (stretch.count == kSameFootprint) {
      filter_stretch(run, stretch, first, tables, rgba);
    } else {
      filter_stretch(run, stretch, first, tables, part);
      std::copy_n(part, 4 * stretch.count, rgba);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(warp_run_here);

void warp_run(const WarpRun& run, FilterTables& tables, float* rgba) {
  HWY_DYNAMIC_DISPATCH(warp_run_here)(run, tables, rgba);
}

}  // namespace vitrine
#endif  // HWY_ONCE
