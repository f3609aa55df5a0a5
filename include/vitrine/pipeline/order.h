#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/money.h"
#include "vitrine/generate/generator.h"

namespace vitrine {

/// What is written down before a picture is ordered, so that whoever finds it knows that the order may be on its way.
struct OrderIntent {
  std::string reference;  ///< Names this order and no other: job and attempt.
  GenerationRequest request;
  Timestamp at;  ///< When it was about to be sent.
};

/// Looks an order up at the service, after a crash between sending it and writing its task down. Returns its task;
/// nothing if it surely never arrived, so that it may be sent; throws SubmitUnknown if the service cannot tell.
using FindOrder = std::function<std::optional<GenerationTask>(const OrderIntent& intent, Context& context)>;

/// What may be spent; refused before anything is ordered. Orders of other processes that are on their way at the very
/// moment are not seen: each process can go over by at most one order for each other process.
struct SpendingLimits {
  std::optional<MicroUsd> per_job{};  ///< The lower one holds if the request has a budget too.
  std::optional<MicroUsd> per_day{};  ///< All entries of the ledger since midnight UTC.
};

}  // namespace vitrine
