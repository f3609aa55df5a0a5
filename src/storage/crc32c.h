#pragma once

#include <cstdint>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of what `crc` is the checksum of, and `bytes` after it. Begin with 0.
std::uint32_t crc32c(std::uint32_t crc, ByteView bytes);

}  // namespace vitrine
