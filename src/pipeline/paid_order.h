#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "pipeline/order_journal.h"
#include "pipeline/spending_guard.h"
#include "vitrine/pipeline/job_request.h"

namespace vitrine {

/// What the order of a picture needs. Borrowed.
struct OrderDesk {
  ImageGenerator& generator;
  JobStore& jobs;
  ObjectStore& objects;
  Clock& clock;
  SpendingGuard& spending;
  const FindOrder& find_order;
  std::string key_prefix;  ///< Of the object: job and attempt are put behind it.
  std::chrono::milliseconds grace;  ///< PipelineOptions::order_grace.
};

/// The one order of a job, from whatever stage the journal has it at to a stored picture. Each stage is written down
/// before the next begins, and nothing that may have been sent is sent again: see docs/pipeline.md.
///
/// Throws std::invalid_argument for a request that the generator refuses; SubmitUnknown; Error: quota_exhausted,
/// moderated, and what generator and stores throw.
MadeArtwork collect_order(const OrderDesk& desk, JobAttempt& attempt, const ArtworkRequest& request, Context& context);

}  // namespace vitrine
