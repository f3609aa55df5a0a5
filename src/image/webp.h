#pragma once

#include "vitrine/image/codec.h"

namespace vitrine {

/// What the header says, the size as stored. Throws Error: invalid_image, image_too_large (metadata).
ImageInfo probe_webp(ByteView bytes, const DecodeOptions& options);

/// The stored picture, or the first frame of an animation on its canvas, not yet turned, in sRGB. `info` is what the
/// probe said and the limits were checked against.
Image decode_webp(ByteView bytes, const ImageInfo& info);

/// `image` is gray8, rgb8 or rgba8.
Bytes encode_webp(ImageView image, const EncodeOptions& options);

}  // namespace vitrine
