#include "vitrine/generate/budget.h"

#include <stdexcept>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

std::string dollars(MicroUsd amount) { return to_string(amount) + " USD"; }

void require_not_negative(const char* what, MicroUsd amount) {
  if (amount.value < 0)
    throw std::invalid_argument(std::string(what) + " is " + dollars(amount) + "; it must not be below zero.");
}

}  // namespace

void require_within(const BudgetLimits& limits, MicroUsd spent_today, MicroUsd estimate) {
  require_not_negative("What was spent today", spent_today);
  require_not_negative("The estimate", estimate);
  require_not_negative("The budget of a call", limits.per_call.value_or(MicroUsd{}));
  require_not_negative("The budget of a day", limits.per_day.value_or(MicroUsd{}));
  if (limits.per_call && estimate > *limits.per_call)
    throw Error(ErrorCode::quota_exhausted, "The picture would cost about " + dollars(estimate) +
                                                "; the budget of a call is " + dollars(*limits.per_call) +
                                                ". Nothing was ordered. Choose a smaller size or another model, or "
                                                "raise the budget.");
  // Subtracted, since the sum of two large amounts need not fit.
  if (limits.per_day && (spent_today > *limits.per_day || estimate > *limits.per_day - spent_today))
    throw Error(ErrorCode::quota_exhausted,
                dollars(spent_today) + " were spent today and the picture would cost about " + dollars(estimate) +
                    "; the budget of a day is " + dollars(*limits.per_day) +
                    ". Nothing was ordered. Wait for tomorrow (UTC) or raise the budget.");
}

}  // namespace vitrine
