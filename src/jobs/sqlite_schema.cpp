#include "jobs/sqlite_schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/file_error.h"
#include "jobs/sqlite_queries.h"

namespace vitrine {
namespace {

// What takes a file from one version to the next. A published step never changes; a new version adds one.
constexpr std::array<const char*, kSqliteSchemaVersion> kSteps{
    // 1: jobs. Indexes are partial where a job leaves them when it is done: the file may hold millions of those, and
    // claims must not feel them. Each index that a job moves in costs every claim a page, so there are no more.
    "CREATE TABLE jobs " VITRINE_SQLITE_JOB_TABLE
    ";"
    "CREATE INDEX jobs_due ON jobs (kind, priority DESC, created_us) WHERE is_due = 1;"
    "CREATE INDEX jobs_waiting ON jobs (not_before_us) WHERE state = 'pending' AND is_due = 0;"
    "CREATE INDEX jobs_begun ON jobs (state, kind, created_us) WHERE " VITRINE_SQLITE_BEGUN
    ";"
    "CREATE INDEX jobs_by_age ON jobs (kind, created_us);"
    "CREATE UNIQUE INDEX jobs_by_client_key ON jobs (client_key) WHERE client_key IS NOT NULL;",

    // 2: what they cost.
    "CREATE TABLE costs " VITRINE_SQLITE_COST_TABLE
    ";"
    "CREATE INDEX costs_by_time ON costs (at_us, id);"
    "CREATE INDEX costs_by_job ON costs (job_id, at_us, id);",
};

Error foreign_file(const std::filesystem::path& path) {
  return {ErrorCode::conflict, "'" + path.string() +
                                   "' is a database, but not one of jobs made by vitrine. It was left "
                                   "as it is. Name another file."};
}

Error newer_file(const std::filesystem::path& path, std::int64_t version) {
  return {ErrorCode::conflict, "The job file '" + path.string() + "' has version " + std::to_string(version) +
                                   "; this vitrine knows versions up to " + std::to_string(kSqliteSchemaVersion) +
                                   ". It was left as it is. Use a newer vitrine, or export the jobs with the one that "
                                   "wrote it."};
}

// The version of the file; 0 for an empty one.
std::int64_t require_ours(SqliteConnection& connection) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (application != kSqliteApplicationId) {
    const bool is_empty = connection.number("SELECT count(*) FROM sqlite_schema") == 0;
    if (application != 0 || version != 0 || !is_empty) throw foreign_file(connection.path());
    return 0;
  }
  if (version > kSqliteSchemaVersion) throw newer_file(connection.path(), version);
  if (version < 1)
    throw Error(ErrorCode::corrupt_data, "The job file '" + connection.path().string() + "' has version " +
                                             std::to_string(version) + ", which never was. Restore it from an export.");
  return version;
}

void require_writable(SqliteConnection& connection) {
  if (sqlite3_db_readonly(connection.handle(), "main") != 0) connection.check(SQLITE_READONLY);
}

// Two processes that switch at once cannot wait inside SQLite: each holds what the other needs.
void switch_to_wal(SqliteConnection& connection, Context& context) {
  const auto give_up = std::chrono::steady_clock::now() + connection.busy_timeout();
  for (;;) {
    try {
      if (connection.text("PRAGMA journal_mode = WAL") == "wal") return;
      throw Error(ErrorCode::unavailable, "The job file '" + connection.path().string() +
                                              "' lies where no write-ahead log can be kept, as on a network file "
                                              "system. Put it on a local disk.");
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable || (sqlite3_errcode(connection.handle()) & 0xff) != SQLITE_BUSY ||
          std::chrono::steady_clock::now() > give_up)
        throw;
    }
    context.wait_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

void make_sqlite_file(const std::filesystem::path& path) {
  // Only ever a new file: closing one that is open elsewhere in this process would drop its locks.
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return;
  }
  if (errno != EEXIST) throw_file_error("write", path);
}

void prepare_sqlite_file(SqliteConnection& connection, Context& context, int version) {
  require_ours(connection);
  require_writable(connection);
  switch_to_wal(connection, context);
  SqliteTransaction transaction(connection, SqliteTransaction::Kind::write, context);
  // Looked at again: another process may have been quicker.
  for (std::int64_t step = require_ours(connection); step < version; ++step)
    connection.execute(kSteps.at(static_cast<std::size_t>(step)));
  connection.execute("PRAGMA application_id = " + std::to_string(kSqliteApplicationId));
  if (connection.number("PRAGMA user_version") < version)
    connection.execute("PRAGMA user_version = " + std::to_string(version));
  transaction.commit();
}

void set_up_sqlite_connection(SqliteConnection& connection, SqliteSync synchronous) {
  connection.execute(synchronous == SqliteSync::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  connection.execute(
      "PRAGMA trusted_schema = OFF;"
      "PRAGMA secure_delete = OFF;"            // Debian's is built with it on, which writes every freed byte
      "PRAGMA cache_size = -16000;"            // 16 MB
      "PRAGMA journal_size_limit = 67108864;"  // the log does not shrink by itself
      "PRAGMA wal_autocheckpoint = 0");        // SqliteWriter sees to it
}

}  // namespace vitrine
