#pragma once

#include <string>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// The bytes as lower-case hex digits.
std::string hex_text(ByteView bytes);

}  // namespace vitrine
