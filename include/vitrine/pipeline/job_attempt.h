#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// One attempt at a job: what its holder needs to do the work step by step. Borrows the store, which must outlive it.
/// Safe to use from many threads at once.
class VITRINE_EXPORT JobAttempt {
 public:
  /// `held` is a job as claim_batch() returned it. Throws std::invalid_argument if it carries no token.
  JobAttempt(JobStore& store, Job held);

  /// The attempt that holds `token`, with its journal as it is now: for a workflow engine, whose steps run in many
  /// processes. Throws Error not_found. A stale token is noticed at the first write, which throws lease_lost.
  static std::unique_ptr<JobAttempt> resume(JobStore& store, std::string_view id, std::string_view token,
                                            Context& context);

  const Job& job() const { return job_; }  ///< As it was claimed; its journal is that of the start.

  std::string journal() const;  ///< As last saved.

  /// Replaces the journal in the store, then here.
  void save_journal(const std::string& journal, Context& context);

  /// Twelve hex digits of this attempt's own, made from its token but no help in guessing it. Put it into every object
  /// key: an attempt's number comes again after release() and retry().
  const std::string& key_part() const { return key_part_; }

 private:
  JobStore& store_;
  Job job_;
  std::string key_part_;
  mutable std::mutex mutex_;
  std::string journal_;
};

/// Does a job and returns its result, a JSON object. What it throws ends the attempt: docs/pipeline.md says how.
using JobHandler = std::function<std::string(JobAttempt& attempt, Context& context)>;

struct AttemptOptions {
  /// Renewed every third of it. Too short costs attempts, too long delays the takeover of a worker that died.
  std::chrono::milliseconds lease = std::chrono::seconds(30);

  /// How long the end of an attempt is tried again while the store is away. After it the job is left to sweep().
  std::chrono::milliseconds finish_within = std::chrono::seconds(30);
};

enum class AttemptEnd {
  completed,
  failed,     ///< Or put back to pending, if the failure may be repeated and attempts are left.
  cancelled,  ///< Somebody asked for it.
  released,   ///< `context` was cancelled: the job is pending again, unharmed.
  lost,       ///< Another worker holds the job; nothing was published.
  abandoned,  ///< The store could not be told; sweep() will take the job back.
};

VITRINE_EXPORT std::string_view name_of(AttemptEnd end) noexcept;

struct AttemptReport {
  AttemptEnd end = AttemptEnd::completed;
  Failure failure{};  ///< Why, unless it completed.
};

/// Runs `handler` on `held` and writes its end to the store, in one write with its result. Meanwhile a thread renews the
/// lease and carries the progress; it cancels the handler's context, which is not `context` itself, when a cancel was
/// asked for or the lease is lost: within a third of the lease. Cancelling `context` gives the job back. Throws nothing
/// but what is no std::exception, and std::invalid_argument for a job without token.
VITRINE_EXPORT AttemptReport run_attempt(JobStore& store, const Job& held, const JobHandler& handler,
                                         const AttemptOptions& options, Context& context);

}  // namespace vitrine
