#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"

namespace vitrine {

class SqliteConnection;

/// One run of a prepared statement. Parameters are bound in order; columns are read by number. The statement is free
/// again when this ends. Texts that are bound must outlive it.
class SqliteQuery {
 public:
  SqliteQuery(SqliteConnection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  ~SqliteQuery();
  SqliteQuery(const SqliteQuery&) = delete;
  SqliteQuery& operator=(const SqliteQuery&) = delete;

  SqliteQuery& bind(std::int64_t value);
  SqliteQuery& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  SqliteQuery& bind(double value);
  SqliteQuery& bind(std::string_view text);
  SqliteQuery& bind(const std::string& text) { return bind(std::string_view(text)); }
  SqliteQuery& bind(const char*) = delete;    // it would become a number
  SqliteQuery& bind(std::string&&) = delete;  // it would be gone before the statement runs
  SqliteQuery& bind(Timestamp time) { return bind(static_cast<std::int64_t>(time.time_since_epoch().count())); }
  SqliteQuery& bind_null();
  template <class Value>
  SqliteQuery& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// True if there is a row.
  bool step();

  /// For a statement that gives no rows; how many it changed.
  int run();

  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  std::string text(int column) const;
  Timestamp time(int column) const { return Timestamp(std::chrono::microseconds(integer(column))); }
  std::optional<Timestamp> optional_time(int column) const;

 private:
  void check_bound(int result);

  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

/// A connection to one file, with its prepared statements. Not thread-safe.
class SqliteConnection {
 public:
  enum class Access { read_write, read_only };

  /// Opens a file that exists. Throws Error.
  SqliteConnection(std::filesystem::path path, Access access, std::chrono::milliseconds busy_timeout);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  /// `sql` is a constant: its address is what the prepared statement is kept under.
  SqliteQuery query(const char* sql);

  /// Runs statements that are used once and give nothing.
  void execute(const std::string& sql);

  /// What a statement gives that is used once.
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

  /// Throws the Error for a result code that is none of success.
  void check(int result);

  sqlite3* handle() { return db_.get(); }
  const std::filesystem::path& path() const { return path_; }
  std::chrono::milliseconds busy_timeout() const { return busy_timeout_; }

  /// Whose cancel and deadline end a wait for other processes, until it is set to nullptr.
  void wait_under(Context* context) { context_ = context; }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  Statement prepare(const char* sql, unsigned flags);
  bool wait_for_turn(int tries) noexcept;

  std::filesystem::path path_;
  std::chrono::milliseconds busy_timeout_;
  Context* context_ = nullptr;
  std::chrono::steady_clock::time_point waiting_since_;
  std::uint32_t jitter_;
  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<const char*, Statement> statements_;  // last: finalized before the connection closes
};

/// A transaction that is rolled back unless it is committed.
class SqliteTransaction {
 public:
  enum class Kind {
    read,   ///< Sees the file as it is at its first read.
    write,  ///< Takes the write lock at once: one that reads first and then writes would fail without waiting.
  };
  SqliteTransaction(SqliteConnection& connection, Kind kind, Context& context);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteConnection& connection_;
  bool open_ = false;
};

}  // namespace vitrine
