#include "jobs/sqlite_connection.h"

#include <algorithm>
#include <cerrno>
#include <thread>

#include "jobs/sqlite_error.h"

namespace vitrine {
namespace {

using std::chrono::steady_clock;

int open_flags(SqliteConnection::Access access) {
  // NOMUTEX: each connection is used by one thread at a time, which its owner sees to.
  const int mode = access == SqliteConnection::Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  return mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
}

}  // namespace

// --- SqliteQuery -----------------------------------------------------------------------------------------------------

SqliteQuery::~SqliteQuery() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // so that no text is kept that is gone
}

void SqliteQuery::check_bound(int result) {
  if (result != SQLITE_OK) connection_.check(result);
}

SqliteQuery& SqliteQuery::bind(std::int64_t value) {
  check_bound(sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(double value) {
  check_bound(sqlite3_bind_double(statement_, ++bound_, value));
  return *this;
}

SqliteQuery& SqliteQuery::bind(std::string_view text) {
  // A text without address would be NULL.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  check_bound(sqlite3_bind_text64(statement_, ++bound_, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

SqliteQuery& SqliteQuery::bind_null() {
  check_bound(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

bool SqliteQuery::step() {
  errno = 0;
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) connection_.check(result);
  return false;
}

int SqliteQuery::run() {
  while (step()) {
  }
  return sqlite3_changes(connection_.handle());
}

std::string SqliteQuery::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<Timestamp> SqliteQuery::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

// --- SqliteConnection ------------------------------------------------------------------------------------------------

SqliteConnection::SqliteConnection(std::filesystem::path path, Access access, std::chrono::milliseconds busy_timeout)
    : path_(std::move(path)),
      busy_timeout_(busy_timeout),
      jitter_(static_cast<std::uint32_t>(steady_clock::now().time_since_epoch().count()) | 1u) {
  sqlite3* db = nullptr;
  errno = 0;
  const int result = sqlite3_open_v2(path_.c_str(), &db, open_flags(access), nullptr);
  db_.reset(db);
  check(result);
  sqlite3_busy_handler(
      db, [](void* self, int tries) { return static_cast<SqliteConnection*>(self)->wait_for_turn(tries) ? 1 : 0; },
      this);
}

SqliteConnection::~SqliteConnection() = default;

SqliteConnection::Statement SqliteConnection::prepare(const char* sql, unsigned flags) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(db_.get(), sql, -1, flags, &statement, nullptr));
  return Statement(statement);
}

SqliteQuery SqliteConnection::query(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = prepare(sql, SQLITE_PREPARE_PERSISTENT);
  return {*this, statement.get()};
}

void SqliteConnection::execute(const std::string& sql) {
  errno = 0;
  check(sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t SqliteConnection::number(const std::string& sql) {
  const Statement statement = prepare(sql.c_str(), 0);
  SqliteQuery query(*this, statement.get());
  return query.step() ? query.integer(0) : 0;
}

std::string SqliteConnection::text(const std::string& sql) {
  const Statement statement = prepare(sql.c_str(), 0);
  SqliteQuery query(*this, statement.get());
  return query.step() ? query.text(0) : std::string();
}

void SqliteConnection::check(int result) {
  const int system_error = errno;
  if (result == SQLITE_OK) return;
  if ((result & 0xff) == SQLITE_BUSY && context_ != nullptr) context_->check();
  throw sqlite_error(result, system_error, db_.get(), path_);
}

// SQLite's own waits grow to 100 ms, so that one of several processes may go without its turn for a second. Short ones
// of random length keep the longest wait near the others.
bool SqliteConnection::wait_for_turn(int tries) noexcept {
  if (tries == 0) waiting_since_ = steady_clock::now();
  if (context_ != nullptr && (context_->cancelled() || context_->time_left().count() == 0)) return false;
  if (steady_clock::now() - waiting_since_ > busy_timeout_) return false;
  jitter_ ^= jitter_ << 13u;
  jitter_ ^= jitter_ >> 17u;
  jitter_ ^= jitter_ << 5u;
  const std::uint32_t longest = 50u << std::min(tries, 6);
  std::this_thread::sleep_for(std::chrono::microseconds(longest / 2 + jitter_ % longest));
  return true;
}

// --- SqliteTransaction -----------------------------------------------------------------------------------------------

SqliteTransaction::SqliteTransaction(SqliteConnection& connection, Kind kind, Context& context)
    : connection_(connection) {
  context.check();
  connection_.wait_under(&context);
  try {
    connection_.query(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN").run();
  } catch (...) {
    connection_.wait_under(nullptr);
    throw;
  }
  open_ = true;
}

SqliteTransaction::~SqliteTransaction() {
  connection_.wait_under(nullptr);
  // Some errors have rolled it back already.
  if (open_ && sqlite3_get_autocommit(connection_.handle()) == 0)
    sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
  connection_.query("COMMIT").run();
  open_ = false;
}

}  // namespace vitrine
