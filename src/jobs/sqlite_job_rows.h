#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "jobs/job_transitions.h"
#include "jobs/sqlite_connection.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// A job in its file, and where it is there.
struct SqliteJobRow {
  StoredJob stored;
  std::int64_t seq = 0;
};

/// Reads the row that `query` is at; its columns are VITRINE_SQLITE_JOB_COLUMNS and seq. Throws Error `corrupt_data`.
SqliteJobRow job_row(const SqliteQuery& query);

/// The row that a query with one parameter gives, if any.
std::optional<SqliteJobRow> find_job_row(SqliteConnection& connection, const char* sql, std::string_view value);

/// The row that an index named. Throws Error `corrupt_data` if it is not there.
SqliteJobRow job_row_at(SqliteConnection& connection, std::int64_t seq);

const StoredJob* stored_in(const std::optional<SqliteJobRow>& row);

/// Binds VITRINE_SQLITE_JOB_COLUMNS. A job that is due at `now` may be claimed at once.
void bind_new_job(SqliteQuery& query, const StoredJob& stored, Timestamp now);

/// Writes to the file: a new job; all of a job that can change but its journal; what a heartbeat changes; its journal.
void add_job(SqliteConnection& connection, const StoredJob& stored, Timestamp now);
void save_job(SqliteConnection& connection, const SqliteJobRow& row, Timestamp now);
void save_pulse_of(SqliteConnection& connection, const SqliteJobRow& row, Timestamp now);
void save_journal_of(SqliteConnection& connection, const SqliteJobRow& row, Timestamp now);

CostEntry cost_row(const SqliteQuery& query);
void bind_cost(SqliteQuery& query, const CostEntry& entry);

}  // namespace vitrine
