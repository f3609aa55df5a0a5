#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/pipeline/order.h"

namespace vitrine {

/// Checks limits against the ledger and against what this process is about to spend, so that two orders at once do not
/// both take the last dollar. Borrows the store. Safe to use from many threads at once.
class SpendingGuard {
 public:
  SpendingGuard(JobStore& jobs, std::shared_ptr<Clock> clock, SpendingLimits limits);

  /// Counts as spent until it goes; by then the ledger has it.
  class Reserve {
   public:
    Reserve(SpendingGuard& guard, MicroUsd amount) : guard_(guard), amount_(amount) {}
    ~Reserve() { guard_.give_back(amount_); }
    Reserve(const Reserve&) = delete;
    Reserve& operator=(const Reserve&) = delete;

   private:
    SpendingGuard& guard_;
    MicroUsd amount_;
  };

  /// Throws Error quota_exhausted, never to be repeated by itself, if `amount` would break a limit.
  [[nodiscard]] Reserve reserve(const std::string& job_id, MicroUsd amount, std::optional<MicroUsd> job_budget,
                                Context& context);

 private:
  void give_back(MicroUsd amount);

  JobStore& jobs_;
  std::shared_ptr<Clock> clock_;
  SpendingLimits limits_;
  std::mutex mutex_;
  MicroUsd reserved_{};
};

}  // namespace vitrine
