#include "image/png_unpack.h"

#include <libdeflate.h>

#include <new>

#include "image/pixel_memory.h"
#include "image/png_chunks.h"
#include "image/png_filters.h"

namespace vitrine {
namespace {

constexpr std::size_t kBehindRows = 16;  // what unfilter_row() may touch behind the last one

// All compressed data as one piece: where it lies if it is one chunk, else put together in `joined`.
std::optional<ByteView> packed_rows(ByteView file, Bytes& joined) {
  std::vector<ByteView> parts;
  bool behind = false;  // past the last of them
  PngChunkWalk walk(file);
  while (const auto chunk = walk.next()) {
    if (libdeflate_crc32(0, chunk->checked.data(), chunk->checked.size()) != chunk->checksum) return std::nullopt;
    const bool pixels = chunk->type == "IDAT";
    if (pixels && behind) return std::nullopt;
    if (pixels) parts.push_back(chunk->data);
    behind = !pixels && !parts.empty();
    if (chunk->type != "IEND") continue;
    if (parts.empty()) return std::nullopt;
    if (parts.size() == 1) return parts[0];
    std::size_t size = 0;
    for (const ByteView part : parts) size += part.size();
    joined.reserve(size);
    for (const ByteView part : parts) joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }
  return std::nullopt;
}

bool inflate(ByteView packed, std::uint8_t* out, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> codec(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!codec) throw std::bad_alloc();
  // Without a place for the size this fails unless the rows are filled to the last byte.
  return libdeflate_zlib_decompress(codec.get(), packed.data(), packed.size(), out, size, nullptr) == LIBDEFLATE_SUCCESS;
}

// Rows move to the front as they lose their filter bytes.
bool unfilter(std::uint8_t* data, std::size_t row_size, int rows, std::size_t step) {
  const Bytes nothing(row_size + kBehindRows);
  const std::uint8_t* above = nothing.data();
  const std::uint8_t* in = data;
  std::uint8_t* out = data;
  for (int y = 0; y < rows; ++y, in += row_size + 1, out += row_size) {
    if (*in > static_cast<std::uint8_t>(PngFilter::paeth)) return false;
    unfilter_row(static_cast<PngFilter>(*in), {in + 1, above, out, row_size, step});
    above = out;
  }
  return true;
}

}  // namespace

std::optional<PngPixels> unpack_png(ByteView bytes, const ImageInfo& info, const PngRows& rows,
                                    const DecodeOptions& options) {
  if (!rows.as_pixels) return std::nullopt;
  Bytes joined;
  const auto packed = packed_rows(bytes, joined);
  if (!packed) return std::nullopt;
  const auto step = static_cast<std::size_t>(bytes_per_pixel(rows.format));
  const std::size_t row_size = static_cast<std::size_t>(info.size.width) * step;
  const std::size_t size = (row_size + 1) * static_cast<std::size_t>(info.size.height);
  auto memory = options.pool ? options.pool->take(size + kBehindRows) : pixel_memory(size + kBehindRows);
  if (!inflate(*packed, memory.get(), size)) return std::nullopt;
  if (!unfilter(memory.get(), row_size, info.size.height, step)) return std::nullopt;
  return PngPixels{{memory.get(), info.size, rows.format, static_cast<std::ptrdiff_t>(row_size)}, std::move(memory)};
}

}  // namespace vitrine
