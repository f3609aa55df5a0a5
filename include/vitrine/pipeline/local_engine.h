#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/pipeline/job_attempt.h"
#include "vitrine/pipeline/pipeline.h"

namespace vitrine {

/// How one kind of job is done.
struct JobKind {
  JobHandler run;
  std::function<void(const Job& job, Context& context)> completed{};  ///< Clean-up afterwards; may be absent.
};

using JobKinds = std::map<std::string, JobKind>;  ///< By NewJob::kind.

/// The kinds that the pipeline does: artwork, mockup, listing. What a completed job's lost attempts left is removed.
VITRINE_EXPORT JobKinds kinds_of(const std::shared_ptr<Pipeline>& pipeline);

struct LocalEngineOptions {
  std::string worker{};  ///< Name of the lease holder; empty: host, process and a random part.
  int workers = 2;       ///< Jobs at once. What they take in memory is bounded by the pipeline, whatever their number.
  AttemptOptions attempt{};
  SweepOptions sweep{};
  std::chrono::milliseconds sweep_every = std::chrono::seconds(10);
  std::chrono::milliseconds poll_least = std::chrono::milliseconds(50);  ///< Between two looks for work, while there is
  std::chrono::milliseconds poll_most = std::chrono::seconds(5);         ///< … doubled up to this while there is none.

  /// drain() also waits for jobs that become due within this: those whose last attempt failed a moment ago.
  std::chrono::milliseconds drain_horizon = std::chrono::minutes(1);

  /// Told of every attempt that ended, from the threads that work, several at once.
  std::function<void(const Job& job, const AttemptReport& report)> on_end{};
};

/// What the engine has done since it was made.
struct EngineCounts {
  std::int64_t claimed = 0;
  std::int64_t completed = 0;
  std::int64_t failed = 0;  ///< Attempts, not jobs: some of them are repeated.
  std::int64_t cancelled = 0;
  std::int64_t released = 0;
  std::int64_t lost = 0;
  std::int64_t abandoned = 0;
  std::int64_t swept = 0;   ///< Jobs of dead workers that were taken back.
  int in_flight = 0;        ///< Jobs being worked on now.
  std::string last_error;   ///< The job store's last trouble; empty once it answers again.
};

enum class StopMode {
  finish,   ///< Jobs that run are finished first.
  release,  ///< They are cancelled, and given back unharmed.
};

/// Runs jobs from a job store in threads of this process: claims, renews leases, sweeps. Many engines in many
/// processes may share a store. Safe to use from many threads at once, but stop() and drain() not from its callbacks.
class VITRINE_EXPORT LocalEngine {
 public:
  /// Does nothing before start() or drain(). Throws std::invalid_argument for no kinds or numbers out of range.
  LocalEngine(std::shared_ptr<JobStore> jobs, JobKinds kinds, LocalEngineOptions options = {},
              std::shared_ptr<Clock> clock = make_system_clock());
  ~LocalEngine();  ///< stop(StopMode::release).
  LocalEngine(const LocalEngine&) = delete;
  LocalEngine& operator=(const LocalEngine&) = delete;

  void start();  ///< No change if it runs.
  void stop(StopMode mode);

  /// Runs until no job of its kinds is due, then stops. If `context` is cancelled: stop(StopMode::release), and throws
  /// Error cancelled.
  void drain(Context& context);

  /// Looks for work at once: call it after making a job in this process.
  void nudge();

  EngineCounts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine
