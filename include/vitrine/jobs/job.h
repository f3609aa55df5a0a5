#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/error.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// pending -> processing -> completed | failed | cancelled; back to pending when an attempt fails and may be repeated.
enum class JobState { pending, processing, completed, failed, cancelled };

VITRINE_EXPORT std::string_view name_of(JobState state) noexcept;
VITRINE_EXPORT std::optional<JobState> job_state_of(std::string_view name) noexcept;

/// The right to work on a job for a while. The token is random and new for each claim: it fences off every earlier
/// holder, whatever the clocks say.
struct Lease {
  std::string token;
  std::string worker;
  Timestamp expires_at;
};

/// Why an attempt failed, as it is shown to users.
struct Failure {
  std::string code;     ///< name_of(ErrorCode), or a word of the caller's; kept to 64 bytes.
  std::string message;  ///< A sentence, with what to do next; kept to 4 KiB.
  bool retryable = false;
  std::optional<std::chrono::milliseconds> retry_after;  ///< Default: back-off by attempt. 24 h at most.
};

/// What a caller asks for. Texts are UTF-8; JSON is at most 64 levels deep; times lie in the years 1970 to 9999.
struct NewJob {
  std::string kind;            ///< "artwork", "mockup", "listing", or the caller's own: [a-z0-9_-]{1,64}.
  std::string request = "{}";  ///< A JSON object: references and settings, never image bytes; at most 256 KiB.
  std::string client_key;      ///< Makes create() idempotent; at most 512 bytes; empty: every call makes a new job.
  int priority = 0;            ///< Higher first.
  int max_attempts = 3;        ///< 1 to 100.
  std::optional<Timestamp> not_before;
};

/// A job as stored. JSON texts are objects and stay as they were given, unknown fields included.
struct Job {
  std::string id;  ///< Begins with the time it was made, so that ids sort by age.
  std::string kind;
  JobState state = JobState::pending;
  std::string request = "{}";
  std::string journal = "{}";  ///< What the attempts have done so far: what lets the next one go on, not start over.
  std::string result;          ///< Set by complete().
  std::optional<Failure> failure;  ///< Of the last failed attempt.
  std::string client_key;
  int priority = 0;
  int attempt = 0;  ///< Counts claims: 1 for the first. After release() or retry() a number comes again.
  int max_attempts = 3;
  double progress = 0;
  bool cancel_requested = false;  ///< The holder should stop; its next heartbeat tells it.
  Timestamp created_at;
  Timestamp updated_at;
  Timestamp not_before;
  std::optional<Timestamp> started_at;  ///< Of the latest attempt.
  std::optional<Timestamp> finished_at;
  std::optional<Lease> lease;  ///< While processing. list() and find() leave the token empty: only a claim holds it.
};

/// Which jobs; an empty field matches all.
struct JobFilter {
  std::vector<JobState> states;
  std::string kind;
  std::optional<Timestamp> created_from;    ///< Inclusive.
  std::optional<Timestamp> created_until;   ///< Exclusive.
  std::optional<Timestamp> finished_until;  ///< Exclusive.
};

/// A keyset page: stable while jobs come and go. Newest first.
struct JobPage {
  std::vector<Job> jobs;
  std::optional<std::string> next;  ///< Opaque; pass it as `after`. Empty at the end.
};

}  // namespace vitrine
