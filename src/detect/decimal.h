#pragma once

#include <string>

namespace vitrine {

/// `value` with `digits` after the point, for sentences; the same in every locale.
std::string decimal(double value, int digits);

}  // namespace vitrine
