#include "jobs/job_rules.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "jobs/job_transitions.h"
#include "jobs/json_text.h"
#include "jobs/plain_text.h"

namespace vitrine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::size_t kLongestJson = 256u << 10u;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestText = 256;
constexpr std::size_t kLongestClientKey = 512;
constexpr std::size_t kLongestMessage = 4096;
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kMostKinds = 30;  // Firestore's limit for one query
constexpr MicroUsd kLargestCost{1'000'000'000'000};
constexpr Timestamp kFirst{};
constexpr Timestamp kLast{std::chrono::seconds(253'402'300'800)};  // the year 10000: differences of times still fit

[[noreturn]] void refuse(const std::string& name, const std::string& value, const std::string& rule) {
  throw std::invalid_argument(name + " is " + value + "; it must be " + rule + ".");
}

template <class Number>
void require_between(const std::string& name, Number value, Number least, Number most) {
  if (value < least || value > most)
    refuse(name, std::to_string(value), std::to_string(least) + " to " + std::to_string(most));
}

void require_kind(std::string_view kind) {
  const auto allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  if (kind.empty() || kind.size() > kLongestName || kind.find_first_not_of(allowed) != std::string_view::npos)
    refuse("A job's kind", "'" + cut_to_plain_text(kind, kLongestName) + "'", "1 to 64 of the characters a-z 0-9 _ -");
}

void require_text(const std::string& name, std::string_view text, std::size_t least, std::size_t most) {
  if (text.size() < least || text.size() > most)
    refuse(name, std::to_string(text.size()) + " bytes long", std::to_string(least) + " to " + std::to_string(most));
  if (!is_plain_text(text)) refuse(name, "not valid UTF-8", "UTF-8 without NUL");
}

void require_time(const std::string& name, std::optional<Timestamp> time) {
  if (time && (*time < kFirst || *time >= kLast)) refuse(name, "out of range", "in the years 1970 to 9999");
}

}  // namespace

void require_new_job(const NewJob& job) {
  require_kind(job.kind);
  require_json_object("NewJob::request", job.request);
  require_text("NewJob::client_key", job.client_key, 0, kLongestClientKey);
  require_between("NewJob::max_attempts", job.max_attempts, 1, 100);
  require_time("NewJob::not_before", job.not_before);
}

void require_claim(std::string_view worker, int most, const std::vector<std::string>& kinds, milliseconds lease) {
  require_text("The worker's name", worker, 1, kLongestText);
  require_between("The number of jobs to claim", most, 1, 1000);
  require_between<std::size_t>("The number of kinds to claim", kinds.size(), 0, kMostKinds);
  for (const auto& kind : kinds) require_kind(kind);
  require_lease_time(lease);
}

void require_completions(const std::vector<Completion>& done) {
  require_between<std::size_t>("The number of jobs to complete", done.size(), 0, 1000);
  for (const auto& completion : done) {
    require_json_object("The result", completion.result);
    token_of(completion.held);
  }
}

void require_lease_time(milliseconds lease) {
  require_between<std::int64_t>("The lease in milliseconds", lease.count(), 1, milliseconds(hours(24)).count());
}

void require_progress(double progress) {
  // Written so that NaN is refused as well.
  if (!(progress >= 0 && progress <= 1)) refuse("The progress", std::to_string(progress), "0 to 1");
}

void require_json_object(std::string_view name, std::string_view text) {
  if (text.size() > kLongestJson)
    refuse(std::string(name), std::to_string(text.size()) + " bytes long",
           "at most 262144; put large content into the object store and its key here");
  const std::string fault = json_object_fault(text);
  if (!fault.empty()) throw std::invalid_argument(std::string(name) + " is not a JSON object: " + fault + ".");
}

void require_page_limit(int limit) { require_between("The limit of a page", limit, 1, 1000); }

void require_filter(const JobFilter& filter) {
  if (!filter.kind.empty()) require_kind(filter.kind);
  require_time("JobFilter::created_from", filter.created_from);
  require_time("JobFilter::created_until", filter.created_until);
  require_time("JobFilter::finished_until", filter.finished_until);
}

void require_filter(const CostFilter& filter) {
  require_text("CostFilter::job_id", filter.job_id, 0, kLongestText);
  require_time("CostFilter::from", filter.from);
  require_time("CostFilter::until", filter.until);
}

void require_longest_attempt(milliseconds longest) {
  require_between<std::int64_t>("SweepOptions::longest_attempt in milliseconds", longest.count(), 1,
                                milliseconds(hours(24 * 365)).count());
}

void require_cost(const CostEntry& entry) {
  require_text("CostEntry::id", entry.id, 1, kLongestText);
  require_text("CostEntry::job_id", entry.job_id, 0, kLongestText);
  require_text("CostEntry::service", entry.service, 0, kLongestText);
  require_text("CostEntry::operation", entry.operation, 0, kLongestText);
  require_text("CostEntry::model", entry.model, 0, kLongestText);
  require_between("CostEntry::amount in micro-dollars", entry.amount.value, std::int64_t{0}, kLargestCost.value);
  require_time("CostEntry::at", entry.at);
}

void require_stored_job(const Job& job) {
  if (!is_job_id(job.id)) refuse("A job's id", "not valid", "1 to 128 of the characters A-Z a-z 0-9 _ -");
  require_new_job({job.kind, job.request, job.client_key, job.priority, job.max_attempts, job.not_before});
  require_json_object("A job's journal", job.journal);
  if (job.state == JobState::completed || !job.result.empty()) require_json_object("A job's result", job.result);
  require_progress(job.progress);
  // A pending job has an attempt left, or a claim would count past the last one.
  require_between("A job's attempt", job.attempt, 0, job.max_attempts - (job.state == JobState::pending ? 1 : 0));
  for (const auto& time :
       {std::optional(job.created_at), std::optional(job.updated_at), job.started_at, job.finished_at})
    require_time("A job's time", time);
  if (is_ended(job.state) != job.finished_at.has_value())
    throw std::invalid_argument("A job has a time when it finished if and only if it has ended.");
}

bool is_job_id(std::string_view id) noexcept {
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_ended(JobState state) noexcept { return state != JobState::pending && state != JobState::processing; }

Failure kept(Failure failure) {
  failure.code = cut_to_plain_text(failure.code, kLongestName);
  failure.message = cut_to_plain_text(failure.message, kLongestMessage);
  if (failure.retry_after)
    failure.retry_after = std::clamp(*failure.retry_after, milliseconds(0), milliseconds(hours(24)));
  return failure;
}

milliseconds backoff(int attempt, const Failure& failure) {
  if (failure.retry_after) return *failure.retry_after;
  constexpr milliseconds kFirstWait{2'000};
  constexpr milliseconds kLongestWait{300'000};
  return std::min(kLongestWait, kFirstWait * (1 << std::clamp(attempt - 1, 0, 16)));
}

void require_same_request(const Job& known, const NewJob& wanted) {
  if (known.kind == wanted.kind && same_json(known.request, wanted.request)) return;
  throw Error(ErrorCode::conflict, "Job " + known.id +
                                       " has this client key, but another kind or request. Use a new client key for "
                                       "what is not the same job.");
}

Error no_such_job(std::string_view id) {
  return {ErrorCode::not_found,
          "There is no job '" + cut_to_plain_text(id, kLongestId) + "'. Check the id; it may have been archived."};
}

}  // namespace vitrine
