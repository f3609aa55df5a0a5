#include "jobs/sqlite_writer.h"

#include <exception>

#include "jobs/sqlite_schema.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

// SQLite's own measure is 1000. More means fewer waits for the disk, and a page that is written often goes there once;
// but while the log grows for the first time, a commit that waits for the disk waits for the file's size as well.
int pages_for_checkpoint(SqliteSync synchronous) { return synchronous == SqliteSync::full ? 1000 : 4000; }
constexpr int kPagesBetweenTries = 500;

constexpr std::chrono::milliseconds kWaitForGate{100};

}  // namespace

SqliteWriter::SqliteWriter(const SqliteOptions& options)
    : connection_(options.path, SqliteConnection::Access::read_write, options.busy_timeout),
      gate_(options.path, SqliteConnection::Access::read_write, kWaitForGate),
      pages_for_checkpoint_(pages_for_checkpoint(options.synchronous)) {
  // The order of things in a new file: it is made ours before anything of it is set.
  Context context;
  prepare_sqlite_file(connection_, context);
  set_up_sqlite_connection(connection_, options.synchronous);
  set_up_sqlite_connection(gate_, options.synchronous);
  sqlite3_wal_hook(
      connection_.handle(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<SqliteWriter*>(self)->pages_ = pages;
        return SQLITE_OK;
      },
      this);
}

void SqliteWriter::after_commit() noexcept {
  if (pages_ < pages_at_checkpoint_) pages_at_checkpoint_ = 0;  // the log has begun anew
  if (pages_ - pages_at_checkpoint_ < pages_for_checkpoint_) return;
  try {
    checkpoint();
  } catch (const std::exception& error) {
    pages_at_checkpoint_ = pages_ - pages_for_checkpoint_ + kPagesBetweenTries;
    log(LogLevel::debug, "jobs", error.what());
  }
}

void SqliteWriter::checkpoint() {
  Context context;
  const SqliteTransaction gate(gate_, SqliteTransaction::Kind::write, context);
  int in_log = 0;
  connection_.check(
      sqlite3_wal_checkpoint_v2(connection_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, nullptr));
  // A reader may keep the log from beginning anew. Trying again at each commit would cost each of them the same.
  pages_at_checkpoint_ = in_log;
}

}  // namespace vitrine
