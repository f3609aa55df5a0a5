#include "jobs/sqlite_job_rows.h"

#include <string>

#include "jobs/sqlite_queries.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

// Where the columns are in VITRINE_SQLITE_JOB_COLUMNS.
enum Column {
  kId,
  kKind,
  kState,
  kIsDue,
  kPriority,
  kAttempt,
  kMaxAttempts,
  kCancelRequested,
  kProgress,
  kCreated,
  kUpdated,
  kNotBefore,
  kStarted,
  kFinished,
  kToken,
  kWorker,
  kLeaseUntil,
  kFailureCode,
  kFailureMessage,
  kRetryable,
  kRetryAfter,
  kClientKey,
  kRequest,
  kJournal,
  kResult,
  kSeq
};

JobState state_of(const std::string& name) {
  const auto state = job_state_of(name);
  if (!state)
    throw Error(ErrorCode::corrupt_data, "A job's state in the file is '" + name.substr(0, 64) +
                                             "', which is none of ours. Restore the file from an export.");
  return *state;
}

std::optional<Failure> failure_of(const SqliteQuery& query) {
  if (query.is_null(kFailureCode)) return std::nullopt;
  Failure failure{query.text(kFailureCode), query.text(kFailureMessage), query.integer(kRetryable) != 0, {}};
  if (!query.is_null(kRetryAfter)) failure.retry_after = std::chrono::milliseconds(query.integer(kRetryAfter));
  return failure;
}

std::optional<Lease> lease_of(const SqliteQuery& query) {
  if (query.is_null(kLeaseUntil)) return std::nullopt;
  return Lease{{}, query.text(kWorker), query.time(kLeaseUntil)};
}

bool is_due(const Job& job, Timestamp now) { return job.state == JobState::pending && job.not_before <= now; }

void bind_lease(SqliteQuery& query, const StoredJob& stored) {
  stored.token.empty() ? query.bind_null() : query.bind(stored.token);
  const auto& lease = stored.job.lease;
  if (lease)
    query.bind(lease->worker).bind(lease->expires_at);
  else
    query.bind_null().bind_null();
}

void bind_failure(SqliteQuery& query, const std::optional<Failure>& failure) {
  if (!failure) {
    query.bind_null().bind_null().bind_null().bind_null();
    return;
  }
  query.bind(failure->code).bind(failure->message).bind(failure->retryable ? 1 : 0);
  if (failure->retry_after)
    query.bind(static_cast<std::int64_t>(failure->retry_after->count()));
  else
    query.bind_null();
}

}  // namespace

SqliteJobRow job_row(const SqliteQuery& query) {
  SqliteJobRow row;
  Job& job = row.stored.job;
  job.id = query.text(kId);
  job.kind = query.text(kKind);
  job.state = state_of(query.text(kState));
  job.priority = static_cast<int>(query.integer(kPriority));
  job.attempt = static_cast<int>(query.integer(kAttempt));
  job.max_attempts = static_cast<int>(query.integer(kMaxAttempts));
  job.cancel_requested = query.integer(kCancelRequested) != 0;
  job.progress = query.real(kProgress);
  job.created_at = query.time(kCreated);
  job.updated_at = query.time(kUpdated);
  job.not_before = query.time(kNotBefore);
  job.started_at = query.optional_time(kStarted);
  job.finished_at = query.optional_time(kFinished);
  job.lease = lease_of(query);
  job.failure = failure_of(query);
  job.client_key = query.text(kClientKey);
  job.request = query.text(kRequest);
  job.journal = query.text(kJournal);
  job.result = query.text(kResult);
  row.stored.token = query.text(kToken);
  row.seq = query.integer(kSeq);
  return row;
}

void bind_new_job(SqliteQuery& query, const StoredJob& stored, Timestamp now) {
  const Job& job = stored.job;
  query.bind(job.id).bind(job.kind).bind(name_of(job.state)).bind(is_due(job, now) ? 1 : 0).bind(job.priority);
  query.bind(job.attempt).bind(job.max_attempts).bind(job.cancel_requested ? 1 : 0).bind(job.progress);
  query.bind(job.created_at).bind(job.updated_at).bind(job.not_before).bind(job.started_at).bind(job.finished_at);
  bind_lease(query, stored);
  bind_failure(query, job.failure);
  job.client_key.empty() ? query.bind_null() : query.bind(job.client_key);
  query.bind(job.request).bind(job.journal).bind(job.result);
}

std::optional<SqliteJobRow> find_job_row(SqliteConnection& connection, const char* sql, std::string_view value) {
  SqliteQuery query = connection.query(sql);
  query.bind(value);
  if (!query.step()) return std::nullopt;
  return job_row(query);
}

SqliteJobRow job_row_at(SqliteConnection& connection, std::int64_t seq) {
  SqliteQuery query = connection.query(sqlite::kJobOfSeq);
  query.bind(seq);
  if (!query.step()) connection.check(SQLITE_CORRUPT);
  return job_row(query);
}

const StoredJob* stored_in(const std::optional<SqliteJobRow>& row) { return row ? &row->stored : nullptr; }

void add_job(SqliteConnection& connection, const StoredJob& stored, Timestamp now) {
  SqliteQuery query = connection.query(sqlite::kAddJob);
  bind_new_job(query, stored, now);
  query.run();
}

void save_job(SqliteConnection& connection, const SqliteJobRow& row, Timestamp now) {
  const Job& job = row.stored.job;
  SqliteQuery query = connection.query(sqlite::kSaveJob);
  query.bind(name_of(job.state)).bind(is_due(job, now) ? 1 : 0).bind(job.attempt).bind(job.cancel_requested ? 1 : 0);
  query.bind(job.progress).bind(job.updated_at).bind(job.not_before).bind(job.started_at).bind(job.finished_at);
  bind_lease(query, row.stored);
  bind_failure(query, job.failure);
  query.bind(job.result).bind(row.seq).run();
}

void save_pulse_of(SqliteConnection& connection, const SqliteJobRow& row, Timestamp) {
  const Job& job = row.stored.job;
  SqliteQuery query = connection.query(sqlite::kSavePulse);
  query.bind(job.progress).bind(job.lease->expires_at).bind(job.updated_at).bind(row.seq).run();
}

void save_journal_of(SqliteConnection& connection, const SqliteJobRow& row, Timestamp) {
  const Job& job = row.stored.job;
  connection.query(sqlite::kSaveJournal).bind(job.journal).bind(job.updated_at).bind(row.seq).run();
}

CostEntry cost_row(const SqliteQuery& query) {
  CostEntry entry;
  entry.id = query.text(0);
  entry.job_id = query.text(1);
  entry.service = query.text(2);
  entry.operation = query.text(3);
  entry.model = query.text(4);
  entry.amount = {query.integer(5)};
  entry.settled = query.integer(6) != 0;
  entry.at = query.time(7);
  return entry;
}

void bind_cost(SqliteQuery& query, const CostEntry& entry) {
  query.bind(entry.id).bind(entry.job_id).bind(entry.service).bind(entry.operation).bind(entry.model);
  query.bind(entry.amount.value).bind(entry.settled ? 1 : 0).bind(entry.at);
}

}  // namespace vitrine
