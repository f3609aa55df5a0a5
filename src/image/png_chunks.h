#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vitrine/base/bytes.h"

namespace vitrine {

struct PngChunk {
  std::string_view type;
  ByteView data;
  ByteView checked;  ///< Type and data, which the checksum covers.
  std::uint32_t checksum = 0;
};

inline constexpr std::size_t kPngSignatureSize = 8;

/// Steps from chunk to chunk of a PNG without looking at checksums. Ends at a cut.
class PngChunkWalk {
 public:
  /// `file` must have its signature.
  explicit PngChunkWalk(ByteView file) : rest_(file.subspan(kPngSignatureSize)) {}

  std::optional<PngChunk> next();

 private:
  ByteView rest_;
};

std::uint32_t png_number(ByteView bytes);  ///< The first four bytes, big-endian.

}  // namespace vitrine
