// What is special to the SQLite job store; the rest is in tests/conformance/job_store_*.cpp.
#include "vitrine/jobs/sqlite_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>

#include "jobs/sqlite_costs.h"
#include "jobs/sqlite_schema.h"
#include "jobs/sqlite_writer.h"
#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/run_threads.h"
#include "support/temporary_folder.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

class SqliteStore : public ::testing::Test {
 protected:
  SqliteOptions options() const {
    SqliteOptions options;
    options.path = folder_ / "jobs.db";
    return options;
  }
  std::unique_ptr<JobStore> open() const { return open_sqlite_job_store(options()); }
  Job create(JobStore& store, std::string request = "{}") {
    NewJob job;
    job.kind = "mockup";
    job.request = std::move(request);
    return store.create(job, context_);
  }
  /// The file opened as it is, by hand.
  std::unique_ptr<SqliteConnection> raw() const {
    make_sqlite_file(options().path);
    return std::make_unique<SqliteConnection>(options().path, SqliteConnection::Access::read_write, 10s);
  }
  Bytes file() const { return read_file(options().path, 100u << 20u); }
  void write_file(std::string_view text) const { write_file_atomically(options().path, bytes_of(text)); }

  TemporaryFolder folder_;
  Context context_;
};

// --- the file --------------------------------------------------------------------------------------------------------

TEST_F(SqliteStore, KeepsItsJobsWhenItIsClosed) {
  const auto id = create(*open(), R"({"a":1})").id;
  EXPECT_EQ(open()->find(id, context_)->request, R"({"a":1})");
}

TEST_F(SqliteStore, SharesItsFileWithAnother) {
  const auto one = open();
  const auto other = open();
  create(*one);
  const auto held = other->claim("worker-a", 30s, context_).value();
  EXPECT_FALSE(one->claim("worker-b", 30s, context_));
  one->complete(held, "{}", context_);
  EXPECT_EQ(other->find(held.id, context_)->state, JobState::completed);
}

TEST_F(SqliteStore, KeepsALeaseOverARestart) {
  create(*open());
  const auto held = open()->claim("worker-a", 30s, context_).value();
  EXPECT_FALSE(code_of([&] { open()->complete(held, "{}", context_); }));
}

TEST_F(SqliteStore, MakesItsFileForItsOwnerAlone) {
  open();
  struct stat status {};
  ASSERT_EQ(::stat(options().path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(SqliteStore, CanBeMadeByManyAtOnce) {
  std::atomic<int> made = 0;
  run_threads(6, [&](int) {
    Context context;
    NewJob job;
    job.kind = "mockup";
    open()->create(job, context);
    ++made;
  });
  EXPECT_EQ(made, 6);
  EXPECT_EQ(open()->count({}, context_), 6);
}

TEST_F(SqliteStore, WorksWithEachCommitOnTheDisk) {
  auto wanted = options();
  wanted.synchronous = SqliteSync::full;
  const auto store = open_sqlite_job_store(wanted);
  create(*store);
  store->complete(store->claim("worker-a", 30s, context_).value(), "{}", context_);
  EXPECT_EQ(store->count({}, context_), 1);
}

TEST_F(SqliteStore, DoesNotLetItsLogGrowWithoutEnd) {
  const auto store = open();
  const std::string request = "{\"a\":\"" + std::string(250'000, 'x') + "\"}";
  for (int i = 0; i < 240; ++i) create(*store, request);
  const auto log_size = std::filesystem::file_size(options().path.string() + "-wal");
  EXPECT_LT(log_size, 30u << 20u) << "60 MB were written";
}

TEST_F(SqliteStore, RefusesOptionsOutOfRange) {
  EXPECT_THROW(open_sqlite_job_store({}), std::invalid_argument);
  auto wanted = options();
  wanted.busy_timeout = 0ms;
  EXPECT_THROW(open_sqlite_job_store(wanted), std::invalid_argument);
  wanted.busy_timeout = 10min + 1ms;
  EXPECT_THROW(open_sqlite_job_store(wanted), std::invalid_argument);
}

// --- files of others and other versions ------------------------------------------------------------------------------

TEST_F(SqliteStore, BringsAFileOfAnOlderVersionUpToDate) {
  {
    const auto old = raw();
    prepare_sqlite_file(*old, context_, 1);
    EXPECT_EQ(old->number("PRAGMA user_version"), 1);
    old->execute(
        "INSERT INTO jobs (id, kind, state, is_due, priority, attempt, max_attempts, cancel_requested, progress,"
        " created_us, updated_us, not_before_us, request, journal, result)"
        " VALUES ('old-job', 'mockup', 'pending', 1, 0, 0, 3, 0, 0, 1, 1, 1, '{\"a\":1}', '{}', '')");
  }
  const auto store = open();
  EXPECT_EQ(raw()->number("PRAGMA user_version"), kSqliteSchemaVersion);
  const auto held = store->claim("worker-a", 30s, context_).value();
  EXPECT_EQ(held.id, "old-job");
  EXPECT_EQ(held.request, R"({"a":1})");
  store->record_cost({"task", held.id, "bfl", "generate", "flux", {5}, true, Timestamp(1s)}, context_);
  EXPECT_EQ(store->sum_costs({}, CostGrouping::none, context_).at(0).settled, MicroUsd{5});
}

TEST_F(SqliteStore, LeavesAFileOfANewerVersionAsItIs) {
  open();
  raw()->execute("PRAGMA user_version = " + std::to_string(kSqliteSchemaVersion + 1));
  raw()->execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const Bytes before = file();
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::conflict);
  EXPECT_NE(message_of([&] { open(); }).find("newer vitrine"), std::string::npos);
  EXPECT_EQ(file(), before);
}

TEST_F(SqliteStore, LeavesADatabaseOfAnotherProgramAsItIs) {
  raw()->execute("CREATE TABLE jobs (id TEXT)");
  const Bytes before = file();
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::conflict);
  EXPECT_EQ(file(), before);
}

TEST_F(SqliteStore, LeavesADatabaseWithAnotherMarkAsItIs) {
  raw()->execute("PRAGMA application_id = 7");
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::conflict);
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabase) {
  write_file(std::string(5000, 'x'));
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::corrupt_data);
  EXPECT_EQ(file(), bytes_of(std::string(5000, 'x')));
}

TEST_F(SqliteStore, TellsOfADamagedFile) {
  {
    const auto store = open();
    for (int i = 0; i < 300; ++i) create(*store, "{\"a\":\"" + std::string(500, 'x') + "\"}");
  }
  {
    std::fstream damage(options().path, std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 1; page < 30; ++page) damage.seekp(page * 4096).write(std::string(200, '\xff').data(), 200);
  }
  EXPECT_EQ(code_of([&] { open()->list({}, {}, 100, context_); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { open()->claim("worker-a", 30s, context_); }), ErrorCode::corrupt_data);
}

TEST_F(SqliteStore, TellsOfAStateThatIsNoneOfOurs) {
  const auto id = create(*open()).id;
  raw()->execute("PRAGMA ignore_check_constraints = ON; UPDATE jobs SET state = 'lost'");
  EXPECT_EQ(code_of([&] { open()->find(id, context_); }), ErrorCode::corrupt_data);
}

TEST_F(SqliteStore, RefusesSumsThatDoNotFit) {
  open();
  const auto connection = raw();
  for (const char* id : {"'a'", "'b'"})
    connection->execute("INSERT INTO costs VALUES (NULL, " + std::string(id) +
                        ", '', '', '', '', 9223372036854775807, 1, 0)");
  EXPECT_EQ(code_of([&] { sum_costs(*connection, {}, CostGrouping::day); }), ErrorCode::corrupt_data);
  EXPECT_NE(message_of([&] { sum_costs(*connection, {}, CostGrouping::none); }).find("add up"), std::string::npos);
}

// --- a world without room or rights ----------------------------------------------------------------------------------

TEST_F(SqliteStore, NeedsAFolder) {
  auto wanted = options();
  wanted.path = folder_ / "missing/jobs.db";
  EXPECT_EQ(code_of([&] { open_sqlite_job_store(wanted); }), ErrorCode::not_found);
}

TEST_F(SqliteStore, TellsOfAFileThatMayNotBeWritten) {
  open();
  std::filesystem::permissions(options().path,
                               std::filesystem::perms::others_read | std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::permission_denied);
}

TEST_F(SqliteStore, TellsOfAFolderThatMayNotBeWritten) {
  std::filesystem::permissions(folder_.path(),
                               std::filesystem::perms::others_exec | std::filesystem::perms::others_read);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { open(); }), ErrorCode::permission_denied);
}

TEST_F(SqliteStore, TellsOfAFullDiskAndGoesOnWhenThereIsRoom) {
  const auto store = open();
  const auto first = create(*store);
  const std::string request = "{\"a\":\"" + std::string(200'000, 'x') + "\"}";
  {
    const FileSizeLimit limit(100'000);
    EXPECT_EQ(code_of([&] { create(*store, request); }), ErrorCode::disk_full);
    EXPECT_EQ(store->count({}, context_), 1);
  }
  create(*store, request);
  EXPECT_EQ(store->claim("worker-a", 30s, context_)->id, first.id);
  EXPECT_EQ(store->count({}, context_), 2);
}

// --- waiting ---------------------------------------------------------------------------------------------------------

TEST_F(SqliteStore, GivesUpWaitingForItsTurnAfterTheBusyTimeout) {
  auto wanted = options();
  wanted.busy_timeout = 1ms;
  const auto store = open_sqlite_job_store(wanted);
  const auto other = raw();
  other->execute("BEGIN IMMEDIATE");
  EXPECT_EQ(code_of([&] { create(*store); }), ErrorCode::unavailable);
  other->execute("ROLLBACK");
  EXPECT_NO_THROW(create(*store));
}

TEST_F(SqliteStore, StopsWaitingForItsTurnWhenItsContextEnds) {
  const auto store = open();
  const auto other = raw();
  other->execute("BEGIN IMMEDIATE");
  Context short_one = Context::with_timeout(1ms);
  EXPECT_EQ(code_of([&] { store->sweep({}, short_one); }), ErrorCode::deadline_exceeded);
  Context cancelled;
  run_threads(2, [&](int i) {
    if (i == 0) return cancelled.cancel();
    EXPECT_EQ(code_of([&] { store->sweep({}, cancelled); }), ErrorCode::cancelled);
  });
}

TEST_F(SqliteStore, ReadsWhileAnotherWrites) {
  const auto store = open();
  const auto made = create(*store);
  const auto other = raw();
  other->execute("BEGIN IMMEDIATE; DELETE FROM jobs");
  EXPECT_TRUE(store->find(made.id, context_));
  EXPECT_EQ(store->list({}, {}, 10, context_).jobs.size(), 1u);
}

}  // namespace
}  // namespace vitrine
