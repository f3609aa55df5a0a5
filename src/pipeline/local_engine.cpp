#include "vitrine/pipeline/local_engine.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "pipeline/engine_options.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kPage = 1000;
constexpr milliseconds kTidyWithin = std::chrono::seconds(10);

std::int64_t& count_of(EngineCounts& counts, AttemptEnd end) {
  switch (end) {
    case AttemptEnd::completed: return counts.completed;
    case AttemptEnd::failed: return counts.failed;
    case AttemptEnd::cancelled: return counts.cancelled;
    case AttemptEnd::released: return counts.released;
    case AttemptEnd::lost: return counts.lost;
    case AttemptEnd::abandoned: break;
  }
  return counts.abandoned;
}

}  // namespace

JobKinds kinds_of(const std::shared_ptr<Pipeline>& pipeline) {
  if (!pipeline) throw std::invalid_argument("There is no pipeline to take the kinds from.");
  const JobKind kind{[pipeline](JobAttempt& attempt, Context& context) { return pipeline->run(attempt, context); },
                     [pipeline](const Job& job, Context& context) {
                       // A first attempt has no predecessor that could have left anything.
                       if (job.attempt > 1) pipeline->tidy(job.id, milliseconds(0), context);
                     }};
  return {{"artwork", kind}, {"mockup", kind}, {"listing", kind}};
}

// One thread looks for work and sweeps, the others work.
struct LocalEngine::State {
  State(std::shared_ptr<JobStore> given_jobs, JobKinds given_kinds, LocalEngineOptions given_options,
        std::shared_ptr<Clock> given_clock)
      : jobs(std::move(given_jobs)),
        kinds(std::move(given_kinds)),
        options(checked(std::move(given_options), kinds)),
        clock(std::move(given_clock)) {
    if (!jobs || !clock) throw std::invalid_argument("An engine needs a job store and a clock.");
    for (const auto& [name, kind] : kinds) kind_names.push_back(name);
  }

  void start() {
    const std::lock_guard life(life_mutex);
    if (!threads.empty()) return;
    {
      const std::lock_guard lock(mutex);
      stopping = releasing = drained = false;
      control = Context();
    }
    threads.emplace_back([this] { look_for_work(); });
    for (int i = 0; i < options.workers; ++i) threads.emplace_back([this] { work(); });
  }

  void stop(StopMode mode) {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
      control.cancel();
      if (mode == StopMode::release) release_all();
    }
    changed.notify_all();
    const std::lock_guard life(life_mutex);
    threads.clear();  // joins
  }

  void release_all() {
    releasing = true;
    for (auto& [number, context] : running) context.cancel();
  }

  // ---- the thread that looks for work ----

  void look_for_work() {
    milliseconds idle = options.poll_least;
    auto next_sweep = steady_clock::now();
    while (!is_stopping()) {
      if (steady_clock::now() >= next_sweep) {
        sweep();
        next_sweep = steady_clock::now() + options.sweep_every;
      }
      idle = claim() ? options.poll_least : std::min(idle * 2, options.poll_most);
      std::unique_lock lock(mutex);
      const auto until = std::min(steady_clock::now() + idle, next_sweep);
      changed.wait_until(lock, until, [&] { return stopping || nudged; });
      nudged = false;
    }
  }

  bool is_stopping() const {
    const std::lock_guard lock(mutex);
    return stopping;
  }

  template <typename Call>
  void ask_store(const Call& call) {
    std::string trouble;
    try {
      call();
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    const std::lock_guard lock(mutex);
    if (!stopping && !trouble.empty()) log(LogLevel::warning, "pipeline", "The job store fails: " + trouble);
    counts.last_error = stopping ? std::string() : trouble;
  }

  void sweep() {
    ask_store([&] {
      const SweepReport report = jobs->sweep(options.sweep, control);
      const std::lock_guard lock(mutex);
      counts.swept += report.requeued + report.failed + report.cancelled;
    });
  }

  // True if there was work.
  bool claim() {
    bool found = false;
    ask_store([&] {
      const int free = free_workers();
      if (free == 0) return;
      auto claimed = jobs->claim_batch(options.worker, free, kind_names, options.attempt.lease, control);
      found = !claimed.empty();
      if (found)
        hand_out(std::move(claimed));
      else if (free == options.workers && draining && nothing_due())
        tell_drained();
    });
    return found;
  }

  int free_workers() const {
    const std::lock_guard lock(mutex);
    return options.workers - counts.in_flight;
  }

  void hand_out(std::vector<Job> claimed) {
    {
      const std::lock_guard lock(mutex);
      // Workers leave only once this is set and nothing waits: jobs put there later would lie until their leases end.
      if (stopping) return give_back(claimed);
      counts.claimed += std::ssize(claimed);
      counts.in_flight += static_cast<int>(claimed.size());
      for (Job& job : claimed) waiting.push_back(std::move(job));
    }
    changed.notify_all();
  }

  void give_back(const std::vector<Job>& claimed) {
    Context context = Context::with_timeout(options.attempt.finish_within);
    for (const Job& job : claimed) jobs->release(job, context);
  }

  bool nothing_due() {
    const Timestamp horizon = clock->now() + options.drain_horizon;
    for (const std::string& kind : kind_names) {
      JobFilter pending;
      pending.states = {JobState::pending};
      pending.kind = kind;
      std::optional<std::string> after;
      do {
        JobPage page = jobs->list(pending, after, kPage, control);
        for (const Job& job : page.jobs)
          if (job.not_before <= horizon) return false;
        after = std::move(page.next);
      } while (after);
    }
    return true;
  }

  void tell_drained() {
    {
      const std::lock_guard lock(mutex);
      drained = true;
    }
    changed.notify_all();
  }

  // ---- the threads that work ----

  void work() {
    while (auto job = next_job()) {
      Context context;
      {
        const std::lock_guard lock(mutex);
        if (releasing) context.cancel();
        running.emplace(job->lease->token, context);
      }
      const AttemptReport report = run_attempt(*jobs, *job, kinds.at(job->kind).run, options.attempt, context);
      if (report.end == AttemptEnd::completed) clean_up(*job);
      tell_end(*job, report);
      {
        const std::lock_guard lock(mutex);
        running.erase(job->lease->token);
        ++count_of(counts, report.end);
        --counts.in_flight;
        nudged = true;
      }
      changed.notify_all();
    }
  }

  std::optional<Job> next_job() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stopping || !waiting.empty(); });
    if (waiting.empty()) return std::nullopt;
    Job job = std::move(waiting.front());
    waiting.pop_front();
    return job;
  }

  void clean_up(const Job& job) {
    const auto& completed = kinds.at(job.kind).completed;
    if (!completed) return;
    try {
      Context context = Context::with_timeout(kTidyWithin);
      completed(job, context);
    } catch (const std::exception& error) {
      log(LogLevel::warning, "pipeline", "Job " + job.id + " left objects behind: " + error.what());
    }
  }

  void tell_end(const Job& job, const AttemptReport& report) const {
    if (!options.on_end) return;
    try {
      options.on_end(job, report);
    } catch (const std::exception& error) {
      log(LogLevel::error, "pipeline", "The callback on_end failed: " + std::string(error.what()));
    }
  }

  const std::shared_ptr<JobStore> jobs;
  const JobKinds kinds;
  const LocalEngineOptions options;
  const std::shared_ptr<Clock> clock;
  std::vector<std::string> kind_names;

  std::mutex life_mutex;  // of start and stop
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> waiting;                 // claimed, for the next free worker
  std::map<std::string, Context> running;  // by lease token
  EngineCounts counts;
  Context control;  // of the looking thread's calls
  bool stopping = false;
  bool releasing = false;
  std::atomic<bool> draining = false;
  bool drained = false;
  bool nudged = false;
  std::vector<std::jthread> threads;  // last: joined while all else is still there
};

LocalEngine::LocalEngine(std::shared_ptr<JobStore> jobs, JobKinds kinds, LocalEngineOptions options,
                         std::shared_ptr<Clock> clock)
    : state_(std::make_unique<State>(std::move(jobs), std::move(kinds), std::move(options), std::move(clock))) {}

LocalEngine::~LocalEngine() { stop(StopMode::release); }

void LocalEngine::start() { state_->start(); }

void LocalEngine::stop(StopMode mode) { state_->stop(mode); }

void LocalEngine::drain(Context& context) {
  State& state = *state_;
  state.draining = true;
  state.start();
  try {
    std::unique_lock lock(state.mutex);
    while (!state.drained) {
      state.changed.wait_for(lock, milliseconds(20), [&] { return state.drained; });
      lock.unlock();
      context.check();
      lock.lock();
    }
  } catch (const Error&) {
    state.draining = false;
    stop(StopMode::release);
    throw;
  }
  state.draining = false;
  stop(StopMode::finish);
}

void LocalEngine::nudge() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->nudged = true;
  }
  state_->changed.notify_all();
}

EngineCounts LocalEngine::counts() const {
  const std::lock_guard lock(state_->mutex);
  return state_->counts;
}

}  // namespace vitrine
