#pragma once

#include <memory>
#include <string>

#include "vitrine/base/byte_stream.h"

namespace vitrine {

/// `head`, then all that `middle` gives, then `tail`.
std::unique_ptr<ByteSource> joined_source(std::string head, std::unique_ptr<ByteSource> middle, std::string tail);

}  // namespace vitrine
