#pragma once

#include <memory>
#include <optional>

#include "vitrine/image/codec.h"

namespace vitrine {

/// How a PNG stores its rows.
struct PngRows {
  bool as_pixels;      ///< 8 bits a channel, one row after the other, nothing to expand.
  PixelFormat format;  ///< What they are then.
};

struct PngPixels {
  MutableImageView view;
  std::shared_ptr<std::uint8_t> memory;
};

/// The pixels of a PNG, unpacked in one go; `info` and `rows` are what its header says, checked against the limits. Empty
/// for all that is out of the ordinary, damaged files among it: libpng says what is wrong with those.
std::optional<PngPixels> unpack_png(ByteView bytes, const ImageInfo& info, const PngRows& rows,
                                    const DecodeOptions& options);

}  // namespace vitrine
