#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/error.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// What every job store checks, in the same words. Each throws std::invalid_argument with the reason and the limit.
void require_new_job(const NewJob& job);
void require_claim(std::string_view worker, int most, const std::vector<std::string>& kinds,
                   std::chrono::milliseconds lease);
void require_completions(const std::vector<Completion>& done);  ///< Looks at their leases too.
void require_lease_time(std::chrono::milliseconds lease);
void require_progress(double progress);
void require_json_object(std::string_view name, std::string_view text);
void require_page_limit(int limit);
void require_filter(const JobFilter& filter);
void require_filter(const CostFilter& filter);
void require_longest_attempt(std::chrono::milliseconds longest);
void require_cost(const CostEntry& entry);

/// For records that come from outside: a job as it could have been stored.
void require_stored_job(const Job& job);

bool is_job_id(std::string_view id) noexcept;
bool is_ended(JobState state) noexcept;

/// The failure as it is kept: its texts cut to size and made valid, its time within bounds.
Failure kept(Failure failure);

/// How long a job waits after `attempt` (1 for the first) failed.
std::chrono::milliseconds backoff(int attempt, const Failure& failure);

/// Throws Error `conflict` if `wanted`, which has the client key of `known`, asks for something else.
void require_same_request(const Job& known, const NewJob& wanted);

Error no_such_job(std::string_view id);

}  // namespace vitrine
