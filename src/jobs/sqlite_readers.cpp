#include "jobs/sqlite_readers.h"

#include <utility>

#include "jobs/sqlite_schema.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostIdle = 4;

}  // namespace

std::unique_ptr<SqliteConnection> SqliteReaders::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection =
      std::make_unique<SqliteConnection>(options_.path, SqliteConnection::Access::read_only, options_.busy_timeout);
  set_up_sqlite_connection(*connection, options_.synchronous);
  return connection;
}

void SqliteReaders::put_back(std::unique_ptr<SqliteConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

}  // namespace vitrine
