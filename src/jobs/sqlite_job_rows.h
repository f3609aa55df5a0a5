#pragma once

#include <cstdint>

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

/// Binds VITRINE_SQLITE_JOB_COLUMNS. A job that is due at `now` may be claimed at once.
void bind_new_job(SqliteQuery& query, const StoredJob& stored, Timestamp now);

/// Binds the parameters of kSaveJob.
void bind_changed_job(SqliteQuery& query, const SqliteJobRow& row, Timestamp now);

CostEntry cost_row(const SqliteQuery& query);
void bind_cost(SqliteQuery& query, const CostEntry& entry);

}  // namespace vitrine
