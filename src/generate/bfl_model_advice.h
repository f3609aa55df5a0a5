#pragma once

#include <string_view>

namespace vitrine {

/// What to use instead of a model that is gone, makes no pictures, or never was but is written of; empty for any other
/// name.
std::string_view advice_on_model(std::string_view model);

}  // namespace vitrine
