// Compiled once for each instruction set that Highway knows on this architecture; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/png_filters.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "image/png_filters.h"

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// A machine without vectors.
void unfilter_row_here(PngFilter filter, const PngRow& row) { unfilter_row_reference(filter, row); }
std::uint64_t filter_row_here(PngFilter filter, const PngRow& row) { return filter_row_reference(filter, row); }

#else

namespace hn = hwy::HWY_NAMESPACE;

// A pixel of three or four bytes; of three, the fourth is its right neighbour's and is written over by that one.
using Pixel = hn::FixedTag<std::uint8_t, 4>;
using WidePixel = hn::FixedTag<std::int16_t, 4>;

void undo_up(const PngRow& row) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= row.size; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, row.in + i), hn::LoadU(d, row.above + i)), d, row.out + i);
  unfilter_row_reference(PngFilter::up, row, i);
}

// Sums up whole pixels of a vector: each lane gets itself and all lanes a multiple of kStep to its left.
template <int kStep, class D, class V>
HWY_INLINE V running_sum(D d, V v) {
  v = hn::Add(v, hn::ShiftLeftBytes<kStep>(d, v));
  v = hn::Add(v, hn::ShiftLeftBytes<2 * kStep>(d, v));
  if constexpr (4 * kStep < 16) v = hn::Add(v, hn::ShiftLeftBytes<4 * kStep>(d, v));
  return v;
}

template <int kStep>
void undo_sub(const PngRow& row) {
  const hn::FixedTag<std::uint8_t, 16> d;
  constexpr int kBytes = 16 / kStep * kStep;
  alignas(16) std::uint8_t last_pixel[16];  // which lane of the vector before goes on in each lane of this one
  for (int i = 0; i < 16; ++i) last_pixel[i] = static_cast<std::uint8_t>(kBytes - kStep + i % kStep);
  const auto carried = hn::Load(d, last_pixel);
  auto before = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 16 <= row.size; i += kBytes) {
    const auto sums = running_sum<kStep>(d, hn::LoadU(d, row.in + i));
    before = hn::Add(sums, hn::TableLookupBytes(before, carried));
    hn::StoreU(before, d, row.out + i);
  }
  unfilter_row_reference(PngFilter::sub, row, i);
}

void undo_average(const PngRow& row) {
  const Pixel d;
  const auto one = hn::Set(d, 1);
  auto left = hn::Zero(d);
  for (std::size_t i = 0; i < row.size; i += row.step) {
    const auto above = hn::LoadU(d, row.above + i);
    const auto odd = hn::And(hn::Xor(left, above), one);  // AverageRound rounds up
    left = hn::Add(hn::LoadU(d, row.in + i), hn::Sub(hn::AverageRound(left, above), odd));
    hn::StoreU(left, d, row.out + i);
  }
}

// Bytes from `begin` on that are zero, in whole pixels; only looks at whole vectors.
HWY_INLINE std::size_t zeros_at(const PngRow& row, std::size_t begin) {
  const hn::ScalableTag<std::uint8_t> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t end = begin;
  while (end + lanes <= row.size && hn::AllTrue(d, hn::Eq(hn::LoadU(d, row.in + end), hn::Zero(d)))) end += lanes;
  return (end - begin) / row.step * row.step;
}

HWY_INLINE bool equals_above(const PngRow& row, std::size_t pixel) {
  return std::memcmp(row.out + pixel, row.above + pixel, row.step) == 0;
}

// From `begin` to `end`, pixel after pixel: each waits for the one before.
void undo_paeth_pixels(const PngRow& row, std::size_t begin, std::size_t end) {
  const Pixel d;
  const WidePixel wide;
  const auto byte = hn::Set(wide, 255);
  auto left = hn::Zero(wide);
  auto corner = hn::Zero(wide);
  if (begin > 0) {
    left = hn::PromoteTo(wide, hn::LoadU(d, row.out + begin - row.step));
    corner = hn::PromoteTo(wide, hn::LoadU(d, row.above + begin - row.step));
  }
  for (std::size_t i = begin; i < end; i += row.step) {
    const auto above = hn::PromoteTo(wide, hn::LoadU(d, row.above + i));
    const auto down = hn::Sub(above, corner);
    const auto right = hn::Sub(left, corner);
    const auto to_left = hn::Abs(down);
    const auto to_above = hn::Abs(right);
    const auto to_corner = hn::Abs(hn::Add(down, right));
    const auto least = hn::Min(to_left, hn::Min(to_above, to_corner));
    const auto other = hn::IfThenElse(hn::Eq(least, to_above), above, corner);
    const auto guess = hn::IfThenElse(hn::Eq(least, to_left), left, other);
    left = hn::And(hn::Add(hn::PromoteTo(wide, hn::LoadU(d, row.in + i)), guess), byte);
    corner = above;
    hn::StoreU(hn::DemoteTo(d, left), d, row.out + i);
  }
}

void undo_paeth(const PngRow& row) {
  constexpr std::size_t kPixels = 16;
  for (std::size_t i = 0; i < row.size;) {
    // Beside a pixel that is as the one above it, the guess is the pixel above. In flat pictures most are.
    if (i == 0 || equals_above(row, i - row.step)) {
      const std::size_t count = zeros_at(row, i);
      std::memcpy(row.out + i, row.above + i, count);
      i += count;
    }
    const std::size_t end = std::min(i + kPixels * row.step, row.size);
    undo_paeth_pixels(row, i, end);
    i = end;
  }
}

void unfilter_row_here(PngFilter filter, const PngRow& row) {
  if (filter == PngFilter::none) {
    std::memmove(row.out, row.in, row.size);
  } else if (filter == PngFilter::up) {
    undo_up(row);
  } else if (row.step < 3) {
    unfilter_row_reference(filter, row);
  } else if (filter == PngFilter::sub) {
    row.step == 3 ? undo_sub<3>(row) : undo_sub<4>(row);
  } else if (filter == PngFilter::average) {
    undo_average(row);
  } else {
    undo_paeth(row);
  }
}

template <class V>
HWY_INLINE V difference(V a, V b) {
  return hn::Sub(hn::Max(a, b), hn::Min(a, b));
}

template <class D, class V>
HWY_INLINE V paeth_guess(D d, V left, V above, V corner) {
  const auto to_left = difference(above, corner);
  const auto to_above = difference(left, corner);
  // Both to the same side of the corner: the distances add up, past a byte it is the farthest anyway; else they cancel.
  const auto apart = hn::Xor(hn::VecFromMask(d, hn::Gt(above, corner)), hn::VecFromMask(d, hn::Gt(left, corner)));
  const auto to_corner = hn::IfThenElse(hn::MaskFromVec(apart), difference(to_left, to_above),
                                        hn::SaturatedAdd(to_left, to_above));
  const auto least = hn::Min(to_left, hn::Min(to_above, to_corner));
  const auto other = hn::IfThenElse(hn::Eq(least, to_above), above, corner);
  return hn::IfThenElse(hn::Eq(least, to_left), left, other);
}

template <class D>
HWY_INLINE hn::Vec<D> filtered(D d, PngFilter filter, const PngRow& row, std::size_t i) {
  const auto pixel = hn::LoadU(d, row.in + i);
  const auto left = hn::LoadU(d, row.in + i - row.step);
  const auto above = hn::LoadU(d, row.above + i);
  if (filter == PngFilter::none) return pixel;
  if (filter == PngFilter::sub) return hn::Sub(pixel, left);
  if (filter == PngFilter::up) return hn::Sub(pixel, above);
  return hn::Sub(pixel, paeth_guess(d, left, above, hn::LoadU(d, row.above + i - row.step)));
}

std::uint64_t filter_row_here(PngFilter filter, const PngRow& row) {
  const hn::CappedTag<std::uint8_t, 128> d;
  const hn::Repartition<std::uint64_t, decltype(d)> sums;
  const std::size_t lanes = hn::Lanes(d);
  if (filter == PngFilter::average || row.size < row.step + lanes) return filter_row_reference(filter, row);
  const PngRow first{row.in, row.above, row.out, row.step, row.step};
  const std::uint64_t sum = filter_row_reference(filter, first);
  auto total = hn::Zero(sums);
  std::size_t i = row.step;
  for (; i + lanes <= row.size; i += lanes) {
    const auto value = filtered(d, filter, row, i);
    hn::StoreU(value, d, row.out + i);
    total = hn::Add(total, hn::SumsOf8(hn::Min(value, hn::Sub(hn::Zero(d), value))));
  }
  return sum + hn::GetLane(hn::SumOfLanes(sums, total)) + filter_row_reference(filter, row, i);
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(unfilter_row_here);
HWY_EXPORT(filter_row_here);

void unfilter_row(PngFilter filter, const PngRow& row) { HWY_DYNAMIC_DISPATCH(unfilter_row_here)(filter, row); }

std::uint64_t filter_row(PngFilter filter, const PngRow& row) {
  return HWY_DYNAMIC_DISPATCH(filter_row_here)(filter, row);
}

}  // namespace vitrine
#endif  // HWY_ONCE
