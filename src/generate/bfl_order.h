#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generate/bfl_endpoints.h"
#include "vitrine/base/money.h"
#include "vitrine/generate/bfl_prices.h"
#include "vitrine/generate/generator.h"

namespace vitrine {

/// A request that was checked against its endpoint.
struct BflOrder {
  const BflEndpoint* endpoint = nullptr;
  nlohmann::json fields = nlohmann::json::object();  ///< The body.

  /// The sizes of the pictures given, by field, as far as they are known.
  std::map<std::string, std::vector<std::optional<Size>>> pictures;
};

/// Throws std::invalid_argument naming the first thing that the service would refuse.
BflOrder make_bfl_order(const GenerationRequest& request, std::string_view default_model);

/// The request as a task may keep it.
GenerationRequest without_secrets(GenerationRequest request, const BflEndpoint& endpoint);

/// What the order costs by the table; where a size is not known before, the largest that it can be. Throws Error
/// `corrupt_data` if the table does not have the model.
MicroUsd estimate_cost(const BflOrder& order, const BflPrices& prices);

}  // namespace vitrine
