#pragma once

#include <mutex>

#include "jobs/sqlite_connection.h"
#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {

/// The connection that writes: one in a process, since SQLite lets one write at a time, and threads take turns better
/// than connections do. Moves what it wrote from the log into the file now and then. Thread-safe, but for connection().
///
/// SQLite before 3.51.3 can damage a file if a connection commits while another checkpoints right after a third has
/// done so. Therefore a checkpoint here runs while a second connection holds the write lock: nobody commits meanwhile.
class SqliteWriter {
 public:
  explicit SqliteWriter(const SqliteOptions& options);

  /// Calls `work(connection)` in a transaction that nobody else writes during. Returns what it gives once that is
  /// committed; an exception takes everything back.
  template <class Work>
  auto write(Context& context, const Work& work) {
    const std::lock_guard lock(mutex_);
    SqliteTransaction transaction(connection_, SqliteTransaction::Kind::write, context);
    auto result = work(connection_);
    transaction.commit();
    after_commit();
    return result;
  }

  /// For whoever has a writer of his own.
  SqliteConnection& connection() { return connection_; }

 private:
  void after_commit() noexcept;  // trouble is left to the next one: what was committed stays so
  void checkpoint();

  std::mutex mutex_;
  SqliteConnection connection_;
  SqliteConnection gate_;
  int pages_for_checkpoint_;
  int pages_ = 0;                // in the log, after the last commit
  int pages_at_checkpoint_ = 0;  // in the log, when it was last moved
};

}  // namespace vitrine
