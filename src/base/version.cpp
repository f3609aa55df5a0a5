#include "vitrine/base/version.h"

namespace vitrine {

std::string_view version() noexcept { return VITRINE_VERSION; }

}  // namespace vitrine
