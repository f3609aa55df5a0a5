// How SQLite answers what the store asks: a claim or a page that reads the whole file shows only once it is large.
#include "jobs/sqlite_queries.h"

#include <gtest/gtest.h>

#include <string>

#include "jobs/job_filter.h"
#include "jobs/sqlite_lists.h"
#include "jobs/sqlite_writer.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

class SqlitePlan : public ::testing::Test {
 protected:
  SqlitePlan() { open_sqlite_job_store(options()); }

  SqliteOptions options() const {
    SqliteOptions options;
    options.path = folder_ / "jobs.db";
    return options;
  }

  /// The steps of the plan, joined.
  std::string plan_of(const char* sql) {
    SqliteWriter writer(options());
    const std::string explain = std::string("EXPLAIN QUERY PLAN ") + sql;
    SqliteQuery query = writer.connection().query(explain.c_str());
    std::string plan;
    while (query.step()) plan += query.text(3) + "; ";
    return plan;
  }

  TemporaryFolder folder_;
};

TEST_F(SqlitePlan, AClaimReadsDueJobsInTheirOrder) {
  EXPECT_EQ(plan_of(sqlite::kNextDueKind), "SEARCH jobs USING INDEX jobs_due (kind>?); ");
  EXPECT_EQ(plan_of(sqlite::kDueOfKind), "SEARCH jobs USING INDEX jobs_due (kind=?); ");
}

TEST_F(SqlitePlan, AClaimReadsOnlyTheWaitingJobsWhoseTimeHasCome) {
  EXPECT_EQ(plan_of(sqlite::kAnyToMakeDue), "SEARCH jobs USING INDEX jobs_waiting (not_before_us<?); ");
  EXPECT_NE(plan_of(sqlite::kMakeDue).find("SEARCH jobs USING INDEX jobs_waiting (not_before_us<?); "),
            std::string::npos);
}

TEST_F(SqlitePlan, ACompletionFindsItsJobByIdAlone) {
  EXPECT_EQ(plan_of(sqlite::kCompleteJob), "SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (id=?); ");
}

TEST_F(SqlitePlan, ASweepReadsOnlyTheJobsAtWork) {
  EXPECT_EQ(plan_of(sqlite::kOverdue), "SEARCH jobs USING INDEX jobs_begun (state=?); ");
}

TEST_F(SqlitePlan, APageIsReadInOrderFromItsKeyOn) {
  EXPECT_EQ(plan_of(sqlite::kPageOfKind),
            "SEARCH jobs USING INDEX jobs_by_age (kind=? AND created_us>? AND created_us<?); ");
  EXPECT_EQ(plan_of(sqlite::kPageOfState),
            "SEARCH jobs USING INDEX jobs_begun (state=? AND kind=? AND created_us>? AND created_us<?); ");
}

TEST_F(SqlitePlan, APageOfPendingJobsReadsNoOthers) {
  EXPECT_EQ(plan_of(sqlite::kPageOfDue), "SEARCH jobs USING INDEX jobs_due (kind=?); USE TEMP B-TREE FOR ORDER BY; ");
  EXPECT_EQ(plan_of(sqlite::kPageOfWaiting), "SCAN jobs USING INDEX jobs_waiting; USE TEMP B-TREE FOR ORDER BY; ");
}

TEST_F(SqlitePlan, TheLastPageTakesNoMoreStepsThanTheFirst) {
  SqliteWriter writer(options());
  SqliteConnection& connection = writer.connection();
  connection.execute(
      "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)"
      " INSERT INTO jobs (id, kind, state, is_due, priority, attempt, max_attempts, cancel_requested, progress,"
      " created_us, updated_us, not_before_us, finished_us, request, journal, result)"
      " SELECT 'job-' || i, 'mockup', 'completed', 0, 0, 1, 3, 0, 1, i, i, i, i, '{}', '{}', '{}' FROM n");
  const auto steps_of = [&](const std::optional<std::string>& after) {
    const auto page = list_jobs(connection, {}, after, 10);
    EXPECT_EQ(page.jobs.size(), 10u);
    int steps = 0;
    for (sqlite3_stmt* each = sqlite3_next_stmt(connection.handle(), nullptr); each != nullptr;
         each = sqlite3_next_stmt(connection.handle(), each))
      steps += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
  };
  const int first = steps_of(std::nullopt);
  const int last = steps_of(cursor_of({Timestamp(std::chrono::microseconds(10)), "11"}));
  EXPECT_LT(last, 2 * first);
}

TEST_F(SqlitePlan, CostsAreReadInOrderFromTheirKeyOn) {
  EXPECT_EQ(plan_of(sqlite::kCostsByTime), "SEARCH costs USING INDEX costs_by_time (at_us>? AND at_us<?); ");
  EXPECT_EQ(plan_of(sqlite::kCostsOfJob), "SEARCH costs USING INDEX costs_by_job (job_id=? AND at_us>? AND at_us<?); ");
}

}  // namespace
}  // namespace vitrine
