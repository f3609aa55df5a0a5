#include "image/png_chunks.h"

namespace vitrine {
namespace {

constexpr std::size_t kFrame = 12;  // length, type, checksum

}  // namespace

std::uint32_t png_number(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

std::optional<PngChunk> PngChunkWalk::next() {
  if (rest_.size() < kFrame) return std::nullopt;
  const std::size_t length = png_number(rest_);
  if (length > rest_.size() - kFrame) return std::nullopt;
  const PngChunk chunk{{reinterpret_cast<const char*>(rest_.data()) + 4, 4},
                       rest_.subspan(8, length),
                       rest_.subspan(4, length + 4),
                       png_number(rest_.subspan(8 + length))};
  rest_ = rest_.subspan(length + kFrame);
  return chunk;
}

}  // namespace vitrine
