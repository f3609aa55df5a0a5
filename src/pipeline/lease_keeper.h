#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "vitrine/base/context.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// A thread that renews a lease every third of it and cancels the work when the lease is lost or a cancel was asked
/// for. A store that is away changes nothing: a lease that ran out is still its holder's until somebody sweeps. Borrows
/// store and job.
class LeaseKeeper {
 public:
  /// `work` is cancelled on bad news; its progress is what progress() last got.
  LeaseKeeper(JobStore& store, const Job& held, std::chrono::milliseconds lease, Context work);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  void progress(double fraction) { progress_ = fraction; }
  bool lost() const { return lost_; }
  bool cancel_requested() const { return cancel_requested_; }

 private:
  void keep();
  void beat();

  JobStore& store_;
  const Job& held_;
  std::chrono::milliseconds lease_;
  Context work_;
  Context own_;  // of the heartbeats: ends with the keeper, not with the work
  std::atomic<double> progress_ = 0;
  std::atomic<bool> lost_ = false;
  std::atomic<bool> cancel_requested_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace vitrine
