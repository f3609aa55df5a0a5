#pragma once

#include <cstddef>

#include "vitrine/image/codec.h"

namespace vitrine {

/// Each throws Error `image_too_large` with the value, the limit and the option to raise.
void require_bytes_within(std::size_t bytes, const DecodeOptions& options);
void require_pixels_within(Size stored, const DecodeOptions& options);
void require_metadata_within(std::size_t bytes, const DecodeOptions& options);

}  // namespace vitrine
