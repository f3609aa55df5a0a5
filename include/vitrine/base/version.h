#pragma once

#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// "major.minor.patch" of the library that runs, as against the headers it was compiled with.
VITRINE_EXPORT std::string_view version() noexcept;

}  // namespace vitrine
