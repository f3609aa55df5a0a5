// Lists, counts and costs in every JobStore.
#include <algorithm>
#include <set>

#include "conformance/job_store_suite.h"

namespace vitrine {
using namespace std::chrono_literals;

TEST_P(JobStoreConformance, ListsTheNewestFirst) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    ids.insert(ids.begin(), create().id);
    if (i % 2 == 0) clock().advance(1s);
  }
  std::vector<std::string> listed;
  for (const auto& job : store().list({}, {}, 10, context_).jobs) listed.push_back(job.id);
  EXPECT_EQ(listed, ids);
}

TEST_P(JobStoreConformance, AnEmptyStoreListsNoJob) {
  const auto page = store().list({}, {}, 10, context_);
  EXPECT_TRUE(page.jobs.empty());
  EXPECT_FALSE(page.next);
}

TEST_P(JobStoreConformance, JobPagesMeetWithoutGapOrOverlapEvenAtEqualTimes) {
  std::set<std::string> made;
  for (int i = 0; i < 11; ++i) made.insert(create().id);
  std::vector<std::string> listed;
  std::optional<std::string> after;
  do {
    auto page = store().list({}, after, 3, context_);
    EXPECT_LE(page.jobs.size(), 3u);
    for (const auto& job : page.jobs) listed.push_back(job.id);
    after = page.next;
  } while (after);
  EXPECT_EQ(listed.size(), 11u);
  EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), made);
}

TEST_P(JobStoreConformance, AFullLastPageOfJobsHasNoNext) {
  create();
  create();
  EXPECT_FALSE(store().list({}, {}, 2, context_).next);
}

TEST_P(JobStoreConformance, APageIsNotUpsetByNewOrRemovedJobs) {
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i, clock().advance(1s)) ids.push_back(create().id);
  const auto page = store().list({}, {}, 2, context_);
  create();
  store().cancel(ids[2], context_);
  store().remove({ids[2]}, context_);
  const auto next = store().list({}, page.next, 2, context_);
  ASSERT_EQ(next.jobs.size(), 2u);
  EXPECT_EQ(next.jobs[0].id, ids[1]);
  EXPECT_EQ(next.jobs[1].id, ids[0]);
}

TEST_P(JobStoreConformance, ListsByStateAndKind) {
  const auto waiting = create(job_of_kind("artwork"));
  complete(create_and_claim(job_of_kind("mockup")));
  const auto ids_of = [&](const JobFilter& filter) {
    std::vector<std::string> ids;
    for (const auto& job : store().list(filter, {}, 10, context_).jobs) ids.push_back(job.id);
    return ids;
  };
  JobFilter pending;
  pending.states = {JobState::pending};
  JobFilter either;
  either.states = {JobState::pending, JobState::completed};
  JobFilter artwork;
  artwork.kind = "artwork";
  JobFilter none;
  none.kind = "listing";
  EXPECT_EQ(ids_of(pending).size(), 1u);
  EXPECT_EQ(ids_of(either).size(), 2u);
  EXPECT_EQ(ids_of(artwork), std::vector<std::string>{waiting.id});
  EXPECT_TRUE(ids_of(none).empty());
}

TEST_P(JobStoreConformance, ListsByTimeWithTheFirstIncludedAndTheLastNot) {
  const auto start = clock().now();
  create();
  clock().advance(1s);
  const auto second = create();
  clock().advance(1s);
  create();
  JobFilter filter;
  filter.created_from = start + 1s;
  filter.created_until = start + 2s;
  const auto page = store().list(filter, {}, 10, context_);
  ASSERT_EQ(page.jobs.size(), 1u);
  EXPECT_EQ(page.jobs[0].id, second.id);
}

TEST_P(JobStoreConformance, ListsWhatFinishedBeforeATime) {
  create();
  const auto done = create_and_claim();
  complete(done);
  JobFilter filter;
  filter.finished_until = clock().now();
  EXPECT_EQ(store().count(filter, context_), 0);
  filter.finished_until = clock().now() + 1us;
  EXPECT_EQ(store().count(filter, context_), 1);
}

TEST_P(JobStoreConformance, ListsSeveralKindsAndStatesInOneOrder) {
  std::vector<std::string> ids;
  for (const char* kind : {"mockup", "artwork", "mockup", "listing", "artwork"}) {
    const auto made = create(job_of_kind(kind));
    if (ids.size() % 2 == 0) store().cancel(made.id, context_);
    ids.insert(ids.begin(), made.id);
    clock().advance(1s);
  }
  JobFilter live;
  live.states = {JobState::pending, JobState::cancelled};
  for (const auto& filter : {JobFilter{}, live}) {
    std::vector<std::string> listed;
    std::optional<std::string> after;
    do {
      auto page = store().list(filter, after, 2, context_);
      for (const auto& job : page.jobs) listed.push_back(job.id);
      after = page.next;
    } while (after);
    EXPECT_EQ(listed, ids);
  }
}

TEST_P(JobStoreConformance, CountsFollowAJobThroughItsLife) {
  const auto count_of = [&](JobState state, std::string kind) {
    JobFilter filter;
    filter.states = {state};
    filter.kind = std::move(kind);
    return store().count(filter, context_);
  };
  const auto held = create_and_claim();
  EXPECT_EQ(count_of(JobState::processing, "mockup"), 1);
  fail(held, final_failure());
  EXPECT_EQ(count_of(JobState::failed, ""), 1);
  store().retry(held.id, context_);
  EXPECT_EQ(count_of(JobState::failed, "mockup"), 0);
  EXPECT_EQ(count_of(JobState::pending, "artwork"), 0);
  complete(claim());
  EXPECT_EQ(count_of(JobState::completed, "mockup"), 1);
  store().remove({held.id}, context_);
  EXPECT_EQ(count_of(JobState::completed, "mockup"), 0);
  EXPECT_EQ(store().count({}, context_), 0);
}

TEST_P(JobStoreConformance, CountsWhatMatchesInTime) {
  create();
  clock().advance(1s);
  create();
  JobFilter filter;
  filter.created_from = clock().now();
  EXPECT_EQ(store().count(filter, context_), 1);
}

TEST_P(JobStoreConformance, CountsWhatMatches) {
  for (int i = 0; i < 3; ++i) create();
  claim();
  JobFilter pending;
  pending.states = {JobState::pending};
  EXPECT_EQ(store().count({}, context_), 3);
  EXPECT_EQ(store().count(pending, context_), 2);
}

TEST_P(JobStoreConformance, RefusesAPageOutOfRange) {
  EXPECT_THROW(store().list({}, {}, 0, context_), std::invalid_argument);
  EXPECT_THROW(store().list({}, {}, 1001, context_), std::invalid_argument);
}

TEST_P(JobStoreConformance, RefusesACursorThatItDidNotGive) {
  for (const char* cursor : {"", ":", "x", "12:", "12:a b", "99999999999999999999:a", "1;drop table jobs:a"})
    EXPECT_THROW(store().list({}, cursor, 1, context_), std::invalid_argument) << cursor;
}

// --- costs -----------------------------------------------------------------------------------------------------------

namespace {

CostEntry cost(std::string id, std::int64_t micro_usd, Timestamp at) {
  CostEntry entry;
  entry.id = std::move(id);
  entry.job_id = "job-1";
  entry.service = "bfl";
  entry.operation = "generate";
  entry.model = "flux-pro-1.1";
  entry.amount = {micro_usd};
  entry.at = at;
  return entry;
}

}  // namespace

TEST_P(JobStoreConformance, ACostIsWrittenOnce) {
  store().record_cost(cost("task-1", 40'000, clock().now()), context_);
  store().record_cost(cost("task-1", 50'000, clock().now()), context_);
  const auto entries = store().costs({}, {}, 10, context_);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].amount, MicroUsd{40'000});
  EXPECT_EQ(entries[0].model, "flux-pro-1.1");
}

TEST_P(JobStoreConformance, AnEstimateIsSettledOnce) {
  auto entry = cost("task-1", 40'000, clock().now());
  store().record_cost(entry, context_);
  entry.settled = true;
  entry.amount = {55'000};
  entry.at += 1h;
  store().record_cost(entry, context_);
  entry.amount = {99'000};
  store().record_cost(entry, context_);
  const auto stored = store().costs({}, {}, 10, context_).at(0);
  EXPECT_EQ(stored.amount, MicroUsd{55'000});
  EXPECT_TRUE(stored.settled);
  EXPECT_EQ(stored.at, clock().now()) << "the entry keeps its place";
}

TEST_P(JobStoreConformance, ASettledCostBecomesNoEstimateAgain) {
  auto entry = cost("task-1", 55'000, clock().now());
  entry.settled = true;
  store().record_cost(entry, context_);
  entry.settled = false;
  entry.amount = {40'000};
  store().record_cost(entry, context_);
  EXPECT_TRUE(store().costs({}, {}, 10, context_).at(0).settled);
}

TEST_P(JobStoreConformance, CostPagesMeetInTheOrderOfTime) {
  for (int i = 0; i < 7; ++i)
    store().record_cost(cost("task-" + std::to_string(i), i, clock().now() + 1s * ((i * 3) % 7 / 2)), context_);
  std::vector<CostEntry> all;
  std::optional<std::string> after;
  for (;;) {
    const auto page = store().costs({}, after, 2, context_);
    if (page.empty()) break;
    all.insert(all.end(), page.begin(), page.end());
    after = page.back().id;
  }
  EXPECT_EQ(all.size(), 7u);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.at < b.at; }));
}

TEST_P(JobStoreConformance, DoesNotGoOnFromAnUnknownCost) {
  EXPECT_EQ(code_of([&] { store().costs({}, "nothing", 2, context_); }), ErrorCode::not_found);
}

TEST_P(JobStoreConformance, FiltersCostsByJobAndTime) {
  const auto now = clock().now();
  auto other = cost("task-2", 1, now);
  other.job_id = "";
  store().record_cost(cost("task-1", 1, now), context_);
  store().record_cost(other, context_);
  CostFilter of_job;
  of_job.job_id = "job-1";
  CostFilter early;
  early.until = now;
  CostFilter late;
  late.from = now;
  EXPECT_EQ(store().costs(of_job, {}, 10, context_).size(), 1u);
  EXPECT_TRUE(store().costs(early, {}, 10, context_).empty());
  EXPECT_EQ(store().costs(late, {}, 10, context_).size(), 2u);
}

TEST_P(JobStoreConformance, SumsAreExactAndKeepEstimatesApart) {
  for (int i = 0; i < 100; ++i) {
    auto entry = cost("task-" + std::to_string(i), 999'999'999'999, clock().now());
    entry.settled = i % 2 == 0;
    store().record_cost(entry, context_);
  }
  const auto sums = store().sum_costs({}, CostGrouping::none, context_);
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].settled, MicroUsd{49'999'999'999'950});
  EXPECT_EQ(sums[0].estimated, MicroUsd{49'999'999'999'950});
  EXPECT_EQ(sums[0].entries, 100);
}

TEST_P(JobStoreConformance, SumsByDayInUtc) {
  const Timestamp midnight(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
  store().record_cost(cost("a", 1, midnight - 1us), context_);
  store().record_cost(cost("b", 2, midnight), context_);
  store().record_cost(cost("c", 4, midnight + 24h - 1us), context_);
  const auto sums = store().sum_costs({}, CostGrouping::day, context_);
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_EQ(sums[0].group, "2026-11-23");
  EXPECT_EQ(sums[1].group, "2026-11-24");
  EXPECT_EQ(sums[1].estimated, MicroUsd{6});
}

TEST_P(JobStoreConformance, SumsByModelAndByJob) {
  auto second = cost("b", 2, clock().now());
  second.model = "flux-dev";
  second.job_id = "job-0";
  store().record_cost(cost("a", 1, clock().now()), context_);
  store().record_cost(second, context_);
  EXPECT_EQ(store().sum_costs({}, CostGrouping::model, context_).at(0).group, "flux-dev");
  EXPECT_EQ(store().sum_costs({}, CostGrouping::job, context_).at(0).group, "job-0");
}

TEST_P(JobStoreConformance, SumsOfAJobAndATimeOnly) {
  const auto now = clock().now();
  auto other = cost("b", 2, now);
  other.job_id = "job-2";
  store().record_cost(cost("a", 1, now), context_);
  store().record_cost(other, context_);
  store().record_cost(cost("c", 4, now + 1h), context_);
  CostFilter filter;
  filter.job_id = "job-1";
  for (const auto grouping : {CostGrouping::none, CostGrouping::day, CostGrouping::model, CostGrouping::job})
    EXPECT_EQ(store().sum_costs(filter, grouping, context_).at(0).estimated, MicroUsd{5});
  filter.until = now + 1h;
  for (const auto grouping : {CostGrouping::none, CostGrouping::day, CostGrouping::model, CostGrouping::job})
    EXPECT_EQ(store().sum_costs(filter, grouping, context_).at(0).estimated, MicroUsd{1});
}

TEST_P(JobStoreConformance, TheSumOfNothingIsZero) {
  const auto sums = store().sum_costs({}, CostGrouping::none, context_);
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].entries, 0);
  EXPECT_TRUE(store().sum_costs({}, CostGrouping::day, context_).empty());
}

TEST_P(JobStoreConformance, RefusesACostOutOfRange) {
  EXPECT_THROW(store().record_cost(cost("", 1, clock().now()), context_), std::invalid_argument);
  EXPECT_THROW(store().record_cost(cost("a", -1, clock().now()), context_), std::invalid_argument);
  EXPECT_THROW(store().record_cost(cost("a", 1'000'000'000'001, clock().now()), context_), std::invalid_argument);
  EXPECT_THROW(store().record_cost(cost("a\xff", 1, clock().now()), context_), std::invalid_argument);
}

TEST_P(JobStoreConformance, CostsOutliveTheirJob) {
  const auto done = create_and_claim();
  complete(done);
  auto entry = cost("task-1", 40'000, clock().now());
  entry.job_id = done.id;
  store().record_cost(entry, context_);
  store().remove({done.id}, context_);
  EXPECT_EQ(store().costs({}, {}, 10, context_).size(), 1u);
}

}  // namespace vitrine
