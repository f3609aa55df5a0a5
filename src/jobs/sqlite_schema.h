#pragma once

#include "jobs/sqlite_connection.h"
#include "vitrine/base/context.h"
#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {

/// The columns of a job, also of one that is staged for import. `is_due` is 1 for a pending job whose time has come:
/// claims look at nothing else. `seq` orders jobs that were made in the same microsecond. OR and not IN: for a list of
/// more than two SQLite builds a table each time that it checks a row.
#define VITRINE_SQLITE_JOB_TABLE                                                                                  \
  "(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL,"                   \
  " is_due INTEGER NOT NULL, priority INTEGER NOT NULL, attempt INTEGER NOT NULL, max_attempts INTEGER NOT NULL," \
  " cancel_requested INTEGER NOT NULL, progress REAL NOT NULL, created_us INTEGER NOT NULL,"                      \
  " updated_us INTEGER NOT NULL, not_before_us INTEGER NOT NULL, started_us INTEGER, finished_us INTEGER,"        \
  " lease_token TEXT, lease_worker TEXT, lease_until_us INTEGER, failure_code TEXT, failure_message TEXT,"        \
  " failure_retryable INTEGER, failure_retry_after_ms INTEGER, client_key TEXT, request TEXT NOT NULL,"           \
  " journal TEXT NOT NULL, result TEXT NOT NULL,"                                                                 \
  " CHECK (is_due = 0 OR state = 'pending'),"                                                                     \
  " CHECK (CASE WHEN state = 'pending' OR state = 'processing' THEN finished_us IS NULL"                          \
  "  WHEN state = 'completed' OR state = 'failed' OR state = 'cancelled' THEN finished_us IS NOT NULL"            \
  "  ELSE 0 END)) STRICT"

#define VITRINE_SQLITE_COST_TABLE                                                                     \
  "(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, job_id TEXT NOT NULL, service TEXT NOT NULL,"   \
  " operation TEXT NOT NULL, model TEXT NOT NULL, micro_usd INTEGER NOT NULL CHECK (micro_usd >= 0)," \
  " settled INTEGER NOT NULL, at_us INTEGER NOT NULL) STRICT"

inline constexpr int kSqliteSchemaVersion = 2;

/// The mark of our files in their header: "VTRN".
inline constexpr int kSqliteApplicationId = 0x5654524e;

/// Makes the file for its owner alone unless it is there. Throws Error.
void make_sqlite_file(const std::filesystem::path& path);

/// Refuses a file that is not ours, makes the tables of a new one and brings an older one up to `version`. Nothing is
/// written to a file that is refused. Throws Error: conflict, corrupt_data and those of SqliteConnection.
void prepare_sqlite_file(SqliteConnection& connection, Context& context, int version = kSqliteSchemaVersion);

/// Sets what holds for one connection and not for the file.
void set_up_sqlite_connection(SqliteConnection& connection, SqliteSync synchronous);

}  // namespace vitrine
