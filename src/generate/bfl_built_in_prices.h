#pragma once

#include <string_view>

namespace vitrine {

/// The text of data/bfl_prices.json.
extern const std::string_view kBuiltInBflPrices;

}  // namespace vitrine
