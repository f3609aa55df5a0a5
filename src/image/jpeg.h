#pragma once

#include "vitrine/image/codec.h"

namespace vitrine {

/// What the header says, the size as stored. Throws Error: invalid_image, image_too_large (metadata).
ImageInfo probe_jpeg(ByteView bytes, const DecodeOptions& options);

/// The stored picture, not yet turned, in sRGB; reduced in the DCT if options.at_least allows. `info` is what the probe
/// said and the limits were checked against.
Image decode_jpeg(ByteView bytes, const ImageInfo& info, const DecodeOptions& options);

/// `image` is gray8, rgb8, or rgba8 whose alpha is ignored.
Bytes encode_jpeg(ImageView image, const EncodeOptions& options);

}  // namespace vitrine
