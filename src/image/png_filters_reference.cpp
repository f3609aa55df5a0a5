#include <cstdlib>

#include "image/png_filters.h"

namespace vitrine {
namespace {

int paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  if (to_left <= to_above && to_left <= to_corner) return left;
  return to_above <= to_corner ? above : corner;
}

int predicted(PngFilter filter, int left, int above, int corner) {
  switch (filter) {
    case PngFilter::none: return 0;
    case PngFilter::sub: return left;
    case PngFilter::up: return above;
    case PngFilter::average: return (left + above) / 2;
    case PngFilter::paeth: return paeth(left, above, corner);
  }
  return 0;
}

}  // namespace

void unfilter_row_reference(PngFilter filter, const PngRow& row, std::size_t begin) {
  for (std::size_t i = begin; i < row.size; ++i) {
    const bool first = i < row.step;
    const int left = first ? 0 : row.out[i - row.step];
    const int corner = first ? 0 : row.above[i - row.step];
    row.out[i] = static_cast<std::uint8_t>(row.in[i] + predicted(filter, left, row.above[i], corner));
  }
}

std::uint64_t filter_row_reference(PngFilter filter, const PngRow& row, std::size_t begin) {
  std::uint64_t sum = 0;
  for (std::size_t i = begin; i < row.size; ++i) {
    const bool first = i < row.step;
    const int left = first ? 0 : row.in[i - row.step];
    const int corner = first ? 0 : row.above[i - row.step];
    row.out[i] = static_cast<std::uint8_t>(row.in[i] - predicted(filter, left, row.above[i], corner));
    sum += row.out[i] < 128 ? row.out[i] : 256U - row.out[i];
  }
  return sum;
}

}  // namespace vitrine
