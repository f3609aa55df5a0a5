#pragma once

#include <string_view>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// What a file that we do not decode seems to be ("a GIF image", "a PDF document"); empty if it looks like nothing
/// known.
std::string_view foreign_format(ByteView bytes);

}  // namespace vitrine
