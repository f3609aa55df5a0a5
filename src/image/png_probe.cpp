#include <cstdint>
#include <optional>
#include <string>

#include "image/decode_limits.h"
#include "image/exif.h"
#include "image/png.h"
#include "image/png_chunks.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::uint32_t kLargestSide = 0x7FFFFFFF;
constexpr int kAlphaBit = 4;

ImageInfo info_of_header(const std::optional<PngChunk>& header) {
  if (!header || header->type != "IHDR" || header->data.size() != 13)
    throw Error(ErrorCode::invalid_image, "The PNG is damaged or cut off in its header. Get a fresh copy of the file.");
  const std::uint32_t width = png_number(header->data);
  const std::uint32_t height = png_number(header->data.subspan(4));
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
  PngChunkWalk walk(bytes);
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
