#pragma once

#include "vitrine/image/codec.h"

namespace vitrine {

/// What the chunks say, the size as stored. Throws Error: invalid_image, image_too_large (metadata).
ImageInfo probe_png(ByteView bytes, const DecodeOptions& options);

/// The stored picture, not yet turned, in sRGB. `info` is what the probe said and the limits were checked against.
Image decode_png(ByteView bytes, const ImageInfo& info, const DecodeOptions& options);

/// `image` is gray8, rgb8 or rgba8; opaque rgba8 is stored as rgb.
Bytes encode_png(ImageView image, const EncodeOptions& options);

}  // namespace vitrine
