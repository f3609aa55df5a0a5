#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// Base64 (RFC 4648, section 4) with padding.
std::string encode_base64(ByteView bytes);

/// Empty unless `text` is exactly that: no white space, no missing padding, no stray bits at the end.
std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace vitrine
