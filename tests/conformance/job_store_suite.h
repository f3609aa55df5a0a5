// The ground that all job store tests stand on. A store joins with one line in job_store_test.cpp.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/failures_of.h"
#include "support/run_threads.h"
#include "vitrine/base/clock.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// An empty store, and what it needs to live.
struct JobWorld {
  std::shared_ptr<void> holds;
  std::unique_ptr<JobStore> store;
};

struct JobBackend {
  std::string name;
  JobWorld (*make)(std::shared_ptr<Clock> clock);

  /// False for a store over a network, whose workers pick among the first few.
  bool claims_in_order = true;

  /// How many random histories are tried on it; fewer where each step is a request.
  unsigned histories = 40;
};
std::vector<JobBackend> job_backends();  ///< All that there are, in job_store_test.cpp.

inline void PrintTo(const JobBackend& backend, std::ostream* out) { *out << backend.name; }

inline constexpr std::chrono::seconds kLease{30};

inline NewJob job_of_kind(std::string kind) {
  NewJob job;
  job.kind = std::move(kind);
  return job;
}

inline Failure worth_repeating() { return {"unavailable", "The service is away. Try again.", true, {}}; }
inline Failure final_failure() { return {"invalid_image", "The file is no image. Use another.", false, {}}; }

class JobStoreConformance : public ::testing::TestWithParam<JobBackend> {
 protected:
  JobStore& store() { return *world_.store; }
  FakeClock& clock() { return *clock_; }

  Job create(NewJob job = job_of_kind("mockup")) { return store().create(job, context_); }
  Job claim(std::string_view worker = "worker-a") { return store().claim(worker, kLease, context_).value(); }
  bool nothing_to_claim() { return !store().claim("worker-x", kLease, context_); }
  Job create_and_claim(NewJob job = job_of_kind("mockup")) {
    create(std::move(job));
    return claim();
  }
  Job find(std::string_view id) { return store().find(id, context_).value(); }
  JobState state_of(const Job& job) { return find(job.id).state; }
  SweepReport sweep(SweepOptions options = {}) { return store().sweep(options, context_); }
  void complete(const Job& held, std::string_view result = "{}") { store().complete(held, result, context_); }
  void fail(const Job& held, const Failure& failure) { store().fail(held, failure, context_); }

  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  JobWorld world_ = GetParam().make(clock_);
  Context context_;
};

/// Checks that a canary runs too.
void check_that_a_stale_token_changes_nothing(JobStore& store, FakeClock& clock);
void check_that_each_job_is_claimed_once(JobStore& store);
void check_that_two_sweeps_take_a_job_back_once(JobStore& store, FakeClock& clock);

}  // namespace vitrine
