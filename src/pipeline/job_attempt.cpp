#include "vitrine/pipeline/job_attempt.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "pipeline/failure_of.h"
#include "pipeline/lease_keeper.h"
#include "vitrine/base/log.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kKeyPart = 12;
constexpr milliseconds kFirstWait{20};
constexpr milliseconds kLongestWait{2000};

std::string digest_of_token(const Job& held) {
  if (!held.lease || held.lease->token.empty())
    throw std::invalid_argument("Job " + held.id + " carries no lease token. Pass the job as claim() returned it.");
  const std::string& token = held.lease->token;
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(token.data()), token.size()});
}

// The life of the handler's work: it ends with the caller's, but ending it does not end the caller's.
Context child_of(Context& context) {
  const milliseconds left = context.time_left();
  Context work = left == milliseconds::max() ? Context() : Context::with_timeout(left);
  work.on_poll([context]() mutable { context.check(); });
  return work;
}

// Writes of an attempt's end are tried again while the store is away: what is done must not be done again for that.
template <typename Write>
void insist(milliseconds within, const Write& write) {
  Context context = Context::with_timeout(within);
  for (milliseconds wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
    try {
      return write(context);
    } catch (const Error& error) {
      if (!error.retryable() || context.time_left() == milliseconds(0)) throw;
    }
    context.wait_for(wait);
  }
}

class Attempt {
 public:
  Attempt(JobStore& store, const Job& held, const AttemptOptions& options, Context& context)
      : store_(store), held_(held), options_(options), context_(context), work_(child_of(context)) {}

  AttemptReport run(const JobHandler& handler) {
    JobAttempt attempt(store_, held_);
    LeaseKeeper keeper(store_, held_, options_.lease, work_);
    work_.on_progress([this, &keeper](double fraction) {
      keeper.progress(fraction);
      context_.report(fraction);
    });
    try {
      const std::string result = handler(attempt, work_);
      insist(options_.finish_within, [&](Context& finishing) { store_.complete(held_, result, finishing); });
      return {AttemptEnd::completed, {}};
    } catch (const std::exception&) {
      return end(failure_of(std::current_exception()), keeper);
    }
  }

 private:
  AttemptReport end(const Failure& failure, const LeaseKeeper& keeper) {
    if (keeper.lost() || failure.code == name_of(ErrorCode::lease_lost)) return {AttemptEnd::lost, failure};
    const bool stopped = failure.code == name_of(ErrorCode::cancelled);
    const bool given_back = stopped && !keeper.cancel_requested() && context_.cancelled();
    try {
      insist(options_.finish_within, [&](Context& finishing) {
        if (given_back)
          store_.release(held_, finishing);
        else
          store_.fail(held_, failure, finishing);
      });
    } catch (const Error& error) {
      log(LogLevel::error, "pipeline", "Job " + held_.id + " could not be ended: " + error.what());
      return {error.code() == ErrorCode::lease_lost ? AttemptEnd::lost : AttemptEnd::abandoned, failure};
    }
    if (given_back) return {AttemptEnd::released, failure};
    return {stopped && keeper.cancel_requested() ? AttemptEnd::cancelled : AttemptEnd::failed, failure};
  }

  JobStore& store_;
  const Job& held_;
  const AttemptOptions& options_;
  Context& context_;
  Context work_;
};

}  // namespace

JobAttempt::JobAttempt(JobStore& store, Job held)
    : store_(store),
      job_(std::move(held)),
      key_part_(digest_of_token(job_).substr(0, kKeyPart)),
      journal_(job_.journal) {}

std::unique_ptr<JobAttempt> JobAttempt::resume(JobStore& store, std::string_view id, std::string_view token,
                                               Context& context) {
  auto job = store.find(id, context);
  if (!job) throw Error(ErrorCode::not_found, "There is no job '" + std::string(id) + "'. Look at the list of jobs.");
  if (!job->lease) job->lease = Lease{};
  job->lease->token = token;
  return std::make_unique<JobAttempt>(store, std::move(*job));
}

std::string JobAttempt::journal() const {
  const std::lock_guard lock(mutex_);
  return journal_;
}

void JobAttempt::save_journal(const std::string& journal, Context& context) {
  const std::lock_guard lock(mutex_);
  store_.save_journal(job_, journal, context);
  journal_ = journal;
}

std::string_view name_of(AttemptEnd end) noexcept {
  switch (end) {
    case AttemptEnd::completed: return "completed";
    case AttemptEnd::failed: return "failed";
    case AttemptEnd::cancelled: return "cancelled";
    case AttemptEnd::released: return "released";
    case AttemptEnd::lost: return "lost";
    case AttemptEnd::abandoned: return "abandoned";
  }
  return "unknown";
}

AttemptReport run_attempt(JobStore& store, const Job& held, const JobHandler& handler, const AttemptOptions& options,
                          Context& context) {
  return Attempt(store, held, options, context).run(handler);
}

}  // namespace vitrine
