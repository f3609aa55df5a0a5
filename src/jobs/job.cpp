#include "vitrine/jobs/job.h"

#include <array>
#include <utility>

#include "jobs/job_rules.h"
#include "jobs/job_transitions.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {
namespace {

constexpr std::array kStates{JobState::pending, JobState::processing, JobState::completed, JobState::failed,
                             JobState::cancelled};

}  // namespace

std::string_view name_of(JobState state) noexcept {
  switch (state) {
    case JobState::pending:
      return "pending";
    case JobState::processing:
      return "processing";
    case JobState::completed:
      return "completed";
    case JobState::failed:
      return "failed";
    case JobState::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::optional<JobState> job_state_of(std::string_view name) noexcept {
  for (const JobState state : kStates)
    if (name_of(state) == name) return state;
  return std::nullopt;
}

std::optional<Job> JobStore::claim(std::string_view worker, std::chrono::milliseconds lease, Context& context) {
  auto jobs = claim_batch(worker, 1, {}, lease, context);
  if (jobs.empty()) return std::nullopt;
  return std::move(jobs.front());
}

std::vector<std::string> JobStore::complete_batch(const std::vector<Completion>& done, Context& context) {
  require_completions(done);
  std::vector<std::string> lost;
  for (const auto& completion : done) {
    try {
      complete(completion.held, completion.result, context);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::lease_lost) throw;
      lost.push_back(completion.held.id);
    }
  }
  return lost;
}

int JobStore::remove_unchanged(const std::vector<Job>& seen, Context& context) {
  int removed = 0;
  for (const auto& job : seen) {
    const auto now = find(job.id, context);
    if (now && is_unchanged(job, *now)) removed += remove({job.id}, context);
  }
  return removed;
}

}  // namespace vitrine
