#pragma once

#include <optional>
#include <string>

#include "vitrine/generate/generator.h"
#include "vitrine/pipeline/job_attempt.h"
#include "vitrine/pipeline/job_result.h"
#include "vitrine/pipeline/order.h"

namespace vitrine {

/// How far the one order of a job has come. It only goes forward, but for `none` again after a refusal.
enum class OrderStage {
  none,       ///< Nothing was sent.
  intended,   ///< It is about to be sent, or was: only the attempt that wrote this knows.
  unknown,    ///< Nobody knows; the ledger counts it as spent.
  ordered,    ///< Its task is known.
  collected,  ///< Its picture is stored.
};

/// What the journal says of the order.
struct OrderEntry {
  OrderStage stage = OrderStage::none;
  OrderIntent intent{};                  ///< From `intended` on.
  std::string stand_in{};                ///< Id of the line in the ledger that stands for an order that is unknown.
  GenerationTask task{};                 ///< From `ordered` on.
  std::optional<MadeArtwork> artwork{};  ///< When collected.
};

/// `request` completes the entry: it is in the job, and not written twice. Throws Error corrupt_data.
OrderEntry order_in(const JobAttempt& attempt, const GenerationRequest& request);

/// Puts the entry into the attempt's journal and leaves all else there as it is.
void save_order(JobAttempt& attempt, const OrderEntry& entry, Context& context);

}  // namespace vitrine
