#include "jobs/job_transitions.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "jobs/job_rules.h"

namespace vitrine {
namespace {

StoredJob waiting(StoredJob stored, Timestamp not_before) {
  stored.job.state = JobState::pending;
  stored.job.lease.reset();
  stored.job.not_before = not_before;
  stored.job.progress = 0;
  return stored;
}

StoredJob ended(StoredJob stored, JobState state, Timestamp now) {
  stored.job.state = state;
  stored.job.lease.reset();
  stored.job.finished_at = now;
  return stored;
}

// What comes after an attempt that did not succeed.
StoredJob after_attempt(StoredJob stored, const Failure& failure, Timestamp not_before, Timestamp now) {
  stored.job.failure = failure;
  stored.job.updated_at = now;
  if (stored.job.cancel_requested) return ended(std::move(stored), JobState::cancelled, now);
  if (failure.retryable && stored.job.attempt < stored.job.max_attempts) return waiting(std::move(stored), not_before);
  return ended(std::move(stored), JobState::failed, now);
}

std::string what_became_of(const StoredJob* stored) {
  if (stored == nullptr) return "does not exist any more";
  switch (stored->job.state) {
    case JobState::pending:
      return "was taken back and waits for its next attempt";
    case JobState::processing:
      return "is now held by another worker (attempt " + std::to_string(stored->job.attempt) + ")";
    default:
      return "has ended as " + std::string(name_of(stored->job.state));
  }
}

}  // namespace

StoredJob new_job(const NewJob& wanted, std::string id, Timestamp now) {
  Job job;
  job.id = std::move(id);
  job.kind = wanted.kind;
  job.request = wanted.request;
  job.client_key = wanted.client_key;
  job.priority = wanted.priority;
  job.max_attempts = wanted.max_attempts;
  job.created_at = now;
  job.updated_at = now;
  job.not_before = wanted.not_before.value_or(now);
  return {std::move(job), {}};
}

StoredJob claimed(StoredJob stored, std::string_view worker, std::string token, std::chrono::milliseconds lease,
                  Timestamp now) {
  stored.job.state = JobState::processing;
  ++stored.job.attempt;
  stored.job.progress = 0;
  stored.job.started_at = now;
  stored.job.updated_at = now;
  stored.job.lease = Lease{{}, std::string(worker), now + lease};
  stored.token = std::move(token);
  return stored;
}

StoredJob pulsed(StoredJob stored, double progress, std::chrono::milliseconds lease, Timestamp now) {
  stored.job.progress = progress;
  stored.job.lease->expires_at = now + lease;
  stored.job.updated_at = now;
  return stored;
}

StoredJob journalled(StoredJob stored, std::string_view journal, Timestamp now) {
  stored.job.journal = journal;
  stored.job.updated_at = now;
  return stored;
}

StoredJob completed(StoredJob stored, std::string_view result, Timestamp now) {
  stored.job.result = result;
  stored.job.progress = 1;
  stored.job.failure.reset();
  stored.job.updated_at = now;
  return ended(std::move(stored), JobState::completed, now);
}

StoredJob failed(StoredJob stored, const Failure& failure, Timestamp now) {
  const Failure noted = kept(failure);
  const Timestamp not_before = now + backoff(stored.job.attempt, noted);
  return after_attempt(std::move(stored), noted, not_before, now);
}

StoredJob released(StoredJob stored, Timestamp now) {
  stored.job.updated_at = now;
  --stored.job.attempt;
  if (stored.job.cancel_requested) return ended(std::move(stored), JobState::cancelled, now);
  return waiting(std::move(stored), now);
}

StoredJob cancelled(StoredJob stored, Timestamp now) {
  if (is_ended(stored.job.state) || stored.job.cancel_requested) return stored;
  stored.job.cancel_requested = true;
  stored.job.updated_at = now;
  if (stored.job.state == JobState::processing) return stored;
  return ended(std::move(stored), JobState::cancelled, now);
}

StoredJob retried(StoredJob stored, Timestamp now) {
  if (stored.job.state != JobState::failed && stored.job.state != JobState::cancelled)
    throw Error(ErrorCode::conflict, "Job " + stored.job.id + " is " + std::string(name_of(stored.job.state)) +
                                         "; only a failed or cancelled job can be retried. Wait until it ends, or "
                                         "make a new one.");
  stored.job.attempt = 0;
  stored.job.failure.reset();
  stored.job.cancel_requested = false;
  stored.job.started_at.reset();
  stored.job.finished_at.reset();
  stored.job.updated_at = now;
  return waiting(std::move(stored), now);
}

StoredJob taken_back(StoredJob stored, Timestamp now) {
  const std::string worker = stored.job.lease ? stored.job.lease->worker : "unknown";
  const Failure failure{std::string(name_of(ErrorCode::lease_lost)),
                        "Attempt " + std::to_string(stored.job.attempt) + " of worker '" + worker +
                            "' was taken back: its lease ran out or it took too long. Look whether that worker still "
                            "runs; retry the job if it has no attempt left.",
                        true,
                        {}};
  // It was due before; a sweeper whose clock is ahead must not put it off.
  const Timestamp not_before = std::min(stored.job.not_before, now);
  return after_attempt(std::move(stored), failure, not_before, now);
}

bool is_overdue(const Job& job, const SweepOptions& options, Timestamp now) {
  if (job.state != JobState::processing) return false;
  // No lease: the job came from elsewhere, and nobody can hold it.
  if (!job.lease || job.lease->expires_at <= now) return true;
  return !job.started_at || now - *job.started_at > options.longest_attempt;
}

Job with_token(const StoredJob& stored) {
  Job job = stored.job;
  if (job.lease) job.lease->token = stored.token;
  return job;
}

const std::string& token_of(const Job& held) {
  if (!held.lease || held.lease->token.empty())
    throw std::invalid_argument("Job " + held.id +
                                " carries no lease token. Pass the job as claim() returned it; find() and list() do "
                                "not give the right to change it.");
  return held.lease->token;
}

bool is_held(const StoredJob* stored, const Job& held) {
  return stored != nullptr && stored->job.state == JobState::processing && stored->token == token_of(held);
}

void require_held(const StoredJob* stored, const Job& held) {
  token_of(held);  // first, so that misuse is told as such even if the job is gone
  if (is_held(stored, held)) return;
  throw Error(ErrorCode::lease_lost,
              "Job " + held.id + " " + what_became_of(stored) + ". Drop this attempt's work; nothing was changed.");
}

bool is_completed_so(const StoredJob* stored, const Job& held, std::string_view result) {
  const std::string& token = token_of(held);
  return stored != nullptr && stored->job.state == JobState::completed && stored->token == token &&
         stored->job.result == result;
}

bool is_unchanged(const Job& seen, const Job& now) {
  return is_ended(now.state) && seen.state == now.state && seen.attempt == now.attempt &&
         seen.updated_at == now.updated_at && seen.finished_at == now.finished_at;
}

}  // namespace vitrine
