#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"
#include "vitrine/base/money.h"

namespace vitrine {

/// What a model costs. Megapixels count as 1024 x 1024 pixels, rounded up for each picture.
struct BflPrice {
  MicroUsd first;    ///< The picture, or its first megapixel.
  MicroUsd further;  ///< Each further megapixel made and each megapixel given; 0 where only pictures are counted.

  /// By the field `resolution`, where the price depends on it; then the two above are not used.
  std::map<std::string, MicroUsd> by_resolution;

  /// "published" by Black Forest Labs, "reported" by others, or "assumed" by us, on the dear side.
  std::string basis;
};

/// Prices for estimates before an order. What is booked in the end is what the service charges.
struct BflPrices {
  std::string date;  ///< "2026-10-31": what was known then.
  std::map<std::string, BflPrice> models;
};

/// The table that this library was built with: data/bfl_prices.json.
VITRINE_EXPORT BflPrices built_in_bfl_prices();

/// That table with the models that `json` names replaced, and its date. Throws Error `corrupt_data` saying which entry
/// is wrong.
VITRINE_EXPORT BflPrices parse_bfl_prices(std::string_view json);

/// The same of a file; errors name it. Throws also not_found and permission_denied.
VITRINE_EXPORT BflPrices read_bfl_prices(const std::filesystem::path& path);

}  // namespace vitrine
