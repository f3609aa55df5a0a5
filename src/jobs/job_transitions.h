#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/jobs/job.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// A job as a store keeps it. The token is apart from job.lease, whose own is always empty, so that no reader of a job
/// gets it; it stays when the job ends, so that a completion that is repeated can be told from a stale one.
struct StoredJob {
  Job job;
  std::string token;
};

/// The life of a job. Values in, values out: a store reads a job, asks for the next one and writes it in one atomic
/// step. Arguments were checked before (job_rules.h).
StoredJob new_job(const NewJob& wanted, std::string id, Timestamp now);
StoredJob claimed(StoredJob stored, std::string_view worker, std::string token, std::chrono::milliseconds lease,
                  Timestamp now);
StoredJob pulsed(StoredJob stored, double progress, std::chrono::milliseconds lease, Timestamp now);
StoredJob journalled(StoredJob stored, std::string_view journal, Timestamp now);
StoredJob completed(StoredJob stored, std::string_view result, Timestamp now);
StoredJob failed(StoredJob stored, const Failure& failure, Timestamp now);
StoredJob released(StoredJob stored, Timestamp now);
StoredJob cancelled(StoredJob stored, Timestamp now);  ///< The same job if nothing is to change.
StoredJob retried(StoredJob stored, Timestamp now);    ///< Throws Error `conflict`.

/// The job without its lease, as when it ran out.
StoredJob taken_back(StoredJob stored, Timestamp now);

/// True if `stored` is processing and its lease ran out or it has been at it for too long.
bool is_overdue(const Job& job, const SweepOptions& options, Timestamp now);

/// The job with its token, for the one who claimed it.
Job with_token(const StoredJob& stored);

/// The token of a job that was claimed. Throws std::invalid_argument if it has none.
const std::string& token_of(const Job& held);

/// True if `stored` (nullptr: it is gone) is processing under the token of `held`.
bool is_held(const StoredJob* stored, const Job& held);

/// Throws Error `lease_lost` unless is_held(stored, held).
void require_held(const StoredJob* stored, const Job& held);

/// True if `held` already completed this job with this result.
bool is_completed_so(const StoredJob* stored, const Job& held, std::string_view result);

/// True if `now` has ended and is still what it was when it was `seen`.
bool is_unchanged(const Job& seen, const Job& now);

}  // namespace vitrine
