#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "jobs/sqlite_connection.h"
#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {

/// Connections that only read, one for each thread that reads at the same time. Thread-safe.
class SqliteReaders {
 public:
  explicit SqliteReaders(const SqliteOptions& options) : options_(options) {}

  /// Calls `read(connection)` in a transaction that sees the file as of one moment.
  template <class Read>
  auto read(Context& context, const Read& read) {
    context.check();
    auto connection = take();
    auto result = in_transaction(*connection, context, read);
    put_back(std::move(connection));  // not after an error: it may be the connection's
    return result;
  }

 private:
  template <class Read>
  static auto in_transaction(SqliteConnection& connection, Context& context, const Read& read) {
    SqliteTransaction transaction(connection, SqliteTransaction::Kind::read, context);
    auto result = read(connection);
    transaction.commit();
    return result;
  }
  std::unique_ptr<SqliteConnection> take();
  void put_back(std::unique_ptr<SqliteConnection> connection);

  SqliteOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<SqliteConnection>> idle_;
};

}  // namespace vitrine
