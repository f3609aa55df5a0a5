#pragma once

#include <optional>

#include "vitrine/base/export.h"
#include "vitrine/base/money.h"

namespace vitrine {

/// What may be spent. Empty: no limit.
struct BudgetLimits {
  std::optional<MicroUsd> per_call;  ///< On one picture.
  std::optional<MicroUsd> per_day;   ///< On all pictures of one day (UTC).
};

/// Call it before an order, with what the ledger says of today (estimated and settled together) and the order's
/// estimate: what is over the limit is refused before it is spent. An amount that just reaches the limit is within it.
/// Throws Error `quota_exhausted`, which no retry mends; std::invalid_argument for an amount or a limit below zero.
VITRINE_EXPORT void require_within(const BudgetLimits& limits, MicroUsd spent_today, MicroUsd estimate);

}  // namespace vitrine
