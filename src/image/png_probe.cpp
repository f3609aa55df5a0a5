#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "image/decode_limits.h"
#include "image/exif.h"
#include "image/png.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kChunkFrame = 12;  // length, type, checksum
constexpr std::uint32_t kLargestSide = 0x7FFFFFFF;
constexpr int kAlphaBit = 4;

struct Chunk {
  std::string_view type;
  ByteView data;
};

std::uint32_t u32(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U | bytes[3];
}

// Steps from chunk to chunk without looking at checksums: libpng does that when it decodes. Ends at a cut.
class ChunkWalk {
 public:
  explicit ChunkWalk(ByteView file) : rest_(file.subspan(kSignatureSize)) {}

  std::optional<Chunk> next() {
    if (rest_.size() < kChunkFrame) return std::nullopt;
    const std::size_t length = u32(rest_);
    if (length > rest_.size() - kChunkFrame) return std::nullopt;
    const Chunk chunk{{reinterpret_cast<const char*>(rest_.data()) + 4, 4}, rest_.subspan(8, length)};
    rest_ = rest_.subspan(length + kChunkFrame);
    return chunk;
  }

 private:
  ByteView rest_;
};

ImageInfo info_of_header(const std::optional<Chunk>& header) {
  if (!header || header->type != "IHDR" || header->data.size() != 13)
    throw Error(ErrorCode::invalid_image, "The PNG is damaged or cut off in its header. Get a fresh copy of the file.");
  const std::uint32_t width = u32(header->data);
  const std::uint32_t height = u32(header->data.subspan(4));
  if (width == 0 || height == 0 || width > kLargestSide || height > kLargestSide)
    throw Error(ErrorCode::invalid_image, "The PNG says that it is " + std::to_string(width) + " x " +
                                              std::to_string(height) + " pixels, which cannot be. It is damaged.");
  ImageInfo info;
  info.format = FileFormat::png;
  info.size = {static_cast<int>(width), static_cast<int>(height)};
  info.bits = header->data[8];
  info.alpha = (header->data[9] & kAlphaBit) != 0;
  return info;
}

}  // namespace

ImageInfo probe_png(ByteView bytes, const DecodeOptions& options) {
  ChunkWalk walk(bytes);
  ImageInfo info = info_of_header(walk.next());
  std::size_t metadata = 0;
  while (const auto chunk = walk.next()) {
    if (chunk->type == "IEND") break;
    if (chunk->type == "tRNS") info.alpha = true;
    if (chunk->type == "acTL") info.animated = true;
    if (chunk->type == "iCCP") info.icc = true;
    if (chunk->type == "eXIf") info.orientation = exif_orientation(chunk->data);
    if (chunk->type == "iCCP" || chunk->type == "eXIf" || chunk->type.substr(1) == "TXt")
      metadata += chunk->data.size();
  }
  require_metadata_within(metadata, options);
  return info;
}

}  // namespace vitrine
