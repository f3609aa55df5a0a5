#include "pipeline/spending_guard.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

MicroUsd total(JobStore& jobs, const CostFilter& filter, Context& context) {
  MicroUsd sum;
  for (const CostSum& part : jobs.sum_costs(filter, CostGrouping::none, context)) sum += part.settled + part.estimated;
  return sum;
}

void require_within(MicroUsd limit, MicroUsd spent, MicroUsd amount, const std::string& whose,
                    const std::string& advice) {
  if (spent + amount <= limit) return;
  throw Error(ErrorCode::quota_exhausted,
              "The picture would cost " + to_string(amount) + " USD. The budget of " + whose + " is " +
                  to_string(limit) + " USD, and " + to_string(spent) + " are spent. Nothing was ordered. " + advice,
              Retry::never);
}

}  // namespace

SpendingGuard::SpendingGuard(JobStore& jobs, std::shared_ptr<Clock> clock, SpendingLimits limits)
    : jobs_(jobs), clock_(std::move(clock)), limits_(limits) {}

SpendingGuard::Reserve SpendingGuard::reserve(const std::string& job_id, MicroUsd amount,
                                              std::optional<MicroUsd> job_budget, Context& context) {
  auto per_job = limits_.per_job;
  if (job_budget) per_job = per_job ? std::min(*per_job, *job_budget) : *job_budget;
  // Held over the look at the ledger: who comes next must see this amount in one place or the other.
  const std::lock_guard lock(mutex_);
  if (per_job) {
    CostFilter of_job;
    of_job.job_id = job_id;
    require_within(*per_job, total(jobs_, of_job, context), amount, "the job", "Raise it in a new job.");
  }
  if (limits_.per_day) {
    CostFilter today;
    today.from = std::chrono::floor<std::chrono::days>(clock_->now());
    require_within(*limits_.per_day, total(jobs_, today, context) + reserved_, amount, "the day",
                   "Raise it, or retry the job after midnight UTC.");
  }
  reserved_ += amount;
  return {*this, amount};
}

void SpendingGuard::give_back(MicroUsd amount) {
  const std::lock_guard lock(mutex_);
  reserved_ = reserved_ - amount;
}

}  // namespace vitrine
