// Jobs per second of the SQLite job store, beside a plain message queue on the same SQLite with the same durability:
//   bench_jobs FOLDER [FINISHED]
// Makes its files in FOLDER, which needs 300 bytes for each of FINISHED (default 10 000 000) jobs, and removes them.
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "vitrine/jobs/sqlite_store.h"

namespace {

using std::chrono::steady_clock;
using vitrine::Completion;
using vitrine::Context;
using vitrine::JobStore;
using vitrine::NewJob;
using vitrine::SqliteSync;

const std::string kRequest = "{\"artwork\":\"" + std::string(480, 'a') + "\"}";
constexpr std::chrono::seconds kLease{60};
constexpr int kRuns = 3;
constexpr int kRunsOnDisk = 15;  // short ones, since a disk that others use is quiet for moments only
constexpr int kWarmUp = 1'500;

// --- our store -------------------------------------------------------------------------------------------------------

std::unique_ptr<JobStore> open_store(const std::filesystem::path& path, SqliteSync sync) {
  vitrine::SqliteOptions options;
  options.path = path;
  options.synchronous = sync;
  return vitrine::open_sqlite_job_store(options);
}

void create(JobStore& store, int count) {
  Context context;
  NewJob job;
  job.kind = "mockup";
  job.request = kRequest;
  for (int i = 0; i < count; ++i) store.create(job, context);
}

void claim_and_complete(JobStore& store, int count) {
  Context context;
  for (int i = 0; i < count; ++i) store.complete(store.claim("bench", kLease, context).value(), "{}", context);
}

void claim_and_complete_batches(JobStore& store, int count) {
  Context context;
  for (int i = 0; i < count; i += 50) {
    std::vector<Completion> done;
    for (auto& job : store.claim_batch("bench", 50, {}, kLease, context)) done.push_back({std::move(job), "{}"});
    store.complete_batch(done, context);
  }
}

// --- the yardstick ---------------------------------------------------------------------------------------------------

/// A message queue of the usual kind: a message is sent, received by hiding it for a while, and deleted; a commit each.
class MessageQueue {
 public:
  MessageQueue(const std::filesystem::path& path, SqliteSync sync) {
    check(sqlite3_open(path.c_str(), &db_));
    execute("PRAGMA journal_mode = WAL");
    execute(sync == SqliteSync::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    execute(
        "CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(16)))),"
        " sent_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), queue TEXT NOT NULL, body BLOB NOT NULL,"
        " hidden_until TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),"
        " receipts INTEGER NOT NULL DEFAULT 0) STRICT;"
        "CREATE INDEX IF NOT EXISTS messages_in_order ON messages (queue, sent_at)");
    send_ = prepare("INSERT INTO messages (queue, body) VALUES ('q', ?1) RETURNING id");
    receive_ = prepare(
        "UPDATE messages SET receipts = receipts + 1, hidden_until = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+5 "
        "seconds')"
        " WHERE id = (SELECT id FROM messages WHERE queue = 'q' AND hidden_until <= strftime('%Y-%m-%dT%H:%M:%fZ')"
        " AND receipts < 3 ORDER BY sent_at LIMIT 1) RETURNING id, body");
    remove_ = prepare("DELETE FROM messages WHERE queue = 'q' AND id = ?1");
  }
  ~MessageQueue() {
    for (auto* statement : {send_, receive_, remove_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  MessageQueue(const MessageQueue&) = delete;
  MessageQueue& operator=(const MessageQueue&) = delete;

  void send_receive_delete(int count) {
    for (int i = 0; i < count; ++i) {
      sqlite3_bind_blob(send_, 1, kRequest.data(), static_cast<int>(kRequest.size()), SQLITE_STATIC);
      run(send_);
      const std::string id = run(receive_);
      sqlite3_bind_text(remove_, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
      run(remove_);
    }
  }

 private:
  static void check(int result) {
    if (result != SQLITE_OK) throw std::runtime_error(sqlite3_errstr(result));
  }
  void execute(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr));
    return statement;
  }
  static std::string run(sqlite3_stmt* statement) {
    std::string first;
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement))
      first = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    if (result != SQLITE_DONE) throw std::runtime_error(sqlite3_errstr(result));
    sqlite3_reset(statement);
    return first;
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* send_ = nullptr;
  sqlite3_stmt* receive_ = nullptr;
  sqlite3_stmt* remove_ = nullptr;
};

// --- measuring -------------------------------------------------------------------------------------------------------

/// Jobs per second by the clock on the wall, and by the time that the processor spent on them, which says what a quiet
/// machine would do where the disk is no limit.
struct Rate {
  double wall = 0;
  double processor = 0;
};

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Rate rate_of(int jobs, const std::function<void()>& work) {
  const auto start = steady_clock::now();
  const double processor_start = processor_seconds();
  work();
  return {jobs / std::chrono::duration<double>(steady_clock::now() - start).count(),
          jobs / (processor_seconds() - processor_start)};
}

Rate better(const Rate& a, const Rate& b) { return {std::max(a.wall, b.wall), std::max(a.processor, b.processor)}; }

/// The best of several runs: others on the machine only ever make one slower.
Rate best_rate(int jobs, const std::function<void()>& prepare, const std::function<void()>& work) {
  Rate best;
  for (int run = 0; run < (jobs < 1000 ? kRunsOnDisk : kRuns); ++run) {
    prepare();
    best = better(best, rate_of(jobs, work));
  }
  return best;
}

void print(const char* what, const char* sync, const Rate& rate) {
  std::printf("%-42s %-7s %9.0f jobs/s %9.0f a processor second\n", what, sync, rate.wall, rate.processor);
  std::fflush(stdout);
}

void measure(const std::filesystem::path& folder, SqliteSync sync, int jobs) {
  Context context;
  const char* name = sync == SqliteSync::full ? "FULL" : "NORMAL";
  const auto store = open_store(folder / (std::string("jobs-") + name), sync);
  MessageQueue queue(folder / (std::string("queue-") + name), sync);
  // The log has grown as far as it will, as it has in a process that has run for a while.
  create(*store, kWarmUp);
  claim_and_complete_batches(*store, kWarmUp);
  queue.send_receive_delete(kWarmUp);
  const auto nothing = [] {};
  const auto jobs_there = [&] { create(*store, jobs); };
  print("claim + complete", name, best_rate(jobs, jobs_there, [&] { claim_and_complete(*store, jobs); }));
  print("claim + complete, 50 at once", name,
        best_rate(jobs, jobs_there, [&] { claim_and_complete_batches(*store, jobs); }));
  print("create", name, best_rate(jobs, nothing, jobs_there));
  while (store->claim_batch("bench", 1000, {}, kLease, context).size() == 1000) {
  }
  print("create + claim + complete", name, best_rate(jobs, nothing, [&] {
          for (int i = 0; i < jobs; ++i) {
            create(*store, 1);
            claim_and_complete(*store, 1);
          }
        }));
  print("message queue: send + receive + delete", name,
        best_rate(jobs, nothing, [&] { queue.send_receive_delete(jobs); }));
}

/// Puts jobs that have ended into the file, a million a transaction.
void add_finished(const std::filesystem::path& path, std::int64_t count) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  constexpr std::int64_t kPiece = 1'000'000;
  for (std::int64_t first = 0; first < count; first += kPiece) {
    const std::string sql =
        "WITH RECURSIVE n (i) AS (SELECT " + std::to_string(first) + " UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
        std::to_string(std::min(first + kPiece, count)) +
        ") INSERT INTO jobs (id, kind, state, is_due, priority, attempt, max_attempts, cancel_requested, progress,"
        " created_us, updated_us, not_before_us, started_us, finished_us, lease_token, request, journal, result)"
        " SELECT printf('%08x-%04x-7000-8000-000000000000', i / 65536, i % 65536), 'mockup', 'completed', 0, 0, 1, 3, "
        "0,"
        " 1.0, 1600000000000000 + i, 1600000000000000 + i, 1600000000000000 + i, 1600000000000000 + i,"
        " 1600000000000000 + i, NULL, '{}', '{}', '{}' FROM n";
    char* message = nullptr;
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) throw std::runtime_error(message);
  }
  sqlite3_close(db);
}

void measure_with_finished(const std::filesystem::path& folder, std::int64_t finished, int jobs) {
  const auto empty_file = folder / "jobs-empty";
  const auto full_file = folder / "jobs-full";
  open_store(full_file, SqliteSync::normal);
  add_finished(full_file, finished);
  const auto empty = open_store(empty_file, SqliteSync::normal);
  const auto full = open_store(full_file, SqliteSync::normal);
  // Turn and turn about, so that what else the machine does falls on both.
  Rate empty_rate;
  Rate full_rate;
  for (int turn = 0; turn < kRuns; ++turn)
    for (auto& [store, rate] : {std::pair(empty.get(), &empty_rate), std::pair(full.get(), &full_rate)}) {
      create(*store, jobs);
      *rate = better(*rate, rate_of(jobs, [&, open = store] { claim_and_complete(*open, jobs); }));
    }
  Context context;
  std::printf("\n%lld finished jobs in the file, %.1f GB\n", static_cast<long long>(full->count({}, context)),
              static_cast<double>(std::filesystem::file_size(full_file)) / 1e9);
  print("claim + complete, new file", "NORMAL", empty_rate);
  print("claim + complete, that file", "NORMAL", full_rate);
  std::printf("%.1f %% slower, %.1f %% by processor time\n", 100 * (1 - full_rate.wall / empty_rate.wall),
              100 * (1 - full_rate.processor / empty_rate.processor));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_jobs FOLDER [FINISHED]\n");
    return 2;
  }
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / "bench-jobs";
  const std::int64_t finished = argc > 2 ? std::atoll(argv[2]) : 10'000'000;
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::printf("SQLite %s, requests of %zu bytes, the best of several runs\n", sqlite3_libversion(), kRequest.size());
  try {
    measure(folder, SqliteSync::normal, 20'000);
    measure(folder, SqliteSync::full, 100);
    if (finished > 0) measure_with_finished(folder, finished, 20'000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_jobs: %s\n", error.what());
    std::filesystem::remove_all(folder);
    return 1;
  }
  std::filesystem::remove_all(folder);
  return 0;
}
