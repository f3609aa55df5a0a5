#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine {

/// The five ways to store a row of a PNG (PNG specification, section 9).
enum class PngFilter : std::uint8_t { none, sub, up, average, paeth };

/// A row and its neighbours, of bytes; pixels are `step` bytes.
struct PngRow {
  const std::uint8_t* in;
  const std::uint8_t* above;  ///< The row before as pixels, not filtered; zeros before the first.
  std::uint8_t* out;
  std::size_t size;
  std::size_t step;
};

/// Takes a stored row back to pixels. Rows of three bytes a pixel touch one byte behind `size`: it is read in `in` and
/// `above`, and written in `out`. `in` may lie behind `out` in the same memory, by one byte or more: what lies behind the
/// end of `in` stays as it is.
void unfilter_row(PngFilter filter, const PngRow& row);

/// Filters pixels into `out`; the sum of the result's absolute values, which tells how well it will pack. Reads nothing
/// behind `size`, and writes no more.
std::uint64_t filter_row(PngFilter filter, const PngRow& row);

/// The same without vectors, from byte `begin` on: what the fast ones are tested against, and end with.
void unfilter_row_reference(PngFilter filter, const PngRow& row, std::size_t begin = 0);
std::uint64_t filter_row_reference(PngFilter filter, const PngRow& row, std::size_t begin = 0);

}  // namespace vitrine
