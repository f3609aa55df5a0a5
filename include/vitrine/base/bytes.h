#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vitrine {

using Bytes = std::vector<std::uint8_t>;           ///< Owned bytes: an encoded image, a stored object.
using ByteView = std::span<const std::uint8_t>;    ///< Borrowed bytes; valid for the call unless a header says otherwise.

}  // namespace vitrine
