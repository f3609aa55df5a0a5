#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// Base64 with '+', '/' and padding (RFC 4648, section 4).
std::string base64(ByteView bytes);

/// Base64 for URLs: '-', '_' and no padding (RFC 4648, section 5).
std::string base64_url(ByteView bytes);

/// The bytes of a padded base64 text; empty if it is none.
std::optional<Bytes> from_base64(std::string_view text);

/// The bytes of a text, borrowed.
inline ByteView bytes_in(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace vitrine
