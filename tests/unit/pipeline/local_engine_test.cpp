#include "vitrine/pipeline/local_engine.h"

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "support/pipeline_world.h"

namespace vitrine {
namespace {

class Engine : public PipelineWorld {
 protected:
  Engine() {
    engine_options_.workers = 3;
    engine_options_.poll_least = std::chrono::milliseconds(1);
    engine_options_.drain_horizon = std::chrono::milliseconds(0);
  }
  std::unique_ptr<LocalEngine> engine(JobKinds kinds) {
    return std::make_unique<LocalEngine>(jobs_, std::move(kinds), engine_options_, clock_);
  }
  std::unique_ptr<LocalEngine> engine() { return engine(kinds_of(std::make_shared<Pipeline>(parts_, options_))); }
  std::int64_t count(JobState state) {
    JobFilter filter;
    filter.states = {state};
    return jobs_->count(filter, context_);
  }
  LocalEngineOptions engine_options_;
};

TEST_F(Engine, RunsAllThereIsAndStops) {
  for (int i = 0; i < 20; ++i) create(i % 2 == 0 ? "artwork" : "listing", i % 2 == 0 ? kArtwork : kListing);
  const auto worker = engine();
  worker->drain(context_);
  EXPECT_EQ(count(JobState::completed), 20);
  EXPECT_EQ(worker->counts().completed, 20);
  EXPECT_EQ(worker->counts().in_flight, 0);
  EXPECT_EQ(ledger(), generator_.charged());
}

TEST_F(Engine, LeavesOtherKindsAlone) {
  const Job job = create("poster", "{}");
  engine()->drain(context_);
  EXPECT_EQ(find(job).state, JobState::pending);
}

TEST_F(Engine, RunsKindsOfTheHosts) {
  const Job job = create("poster", "{}");
  engine({{"poster", {[](JobAttempt&, Context&) { return R"({"printed":true})"; }, {}}}})->drain(context_);
  EXPECT_EQ(find(job).result, R"({"printed":true})");
}

TEST_F(Engine, DoesEachJobOnceBesideAnother) {
  std::mutex mutex;
  std::multiset<std::string> done;
  const JobKinds kinds{{"poster", {[&](JobAttempt& attempt, Context&) {
                                     const std::lock_guard lock(mutex);
                                     done.insert(attempt.job().id);
                                     return "{}";
                                   },
                                   {}}}};
  for (int i = 0; i < 100; ++i) create("poster", "{}");
  const auto first = engine(kinds);
  const auto second = engine(kinds);
  first->start();
  second->drain(context_);
  first->stop(StopMode::finish);
  EXPECT_EQ(done.size(), 100U);
  EXPECT_EQ(std::set<std::string>(done.begin(), done.end()).size(), 100U);
}

TEST_F(Engine, FinishesWhatRunsWhenItIsStopped) {
  std::latch started(1);
  std::atomic<bool> may_end = false;
  const Job job = create("poster", "{}");
  const auto worker = engine({{"poster", {[&](JobAttempt&, Context& context) {
                                            started.count_down();
                                            while (!may_end) context.wait_for(std::chrono::milliseconds(1));
                                            return "{}";
                                          },
                                          {}}}});
  worker->start();
  started.wait();
  std::jthread stopper([&] { worker->stop(StopMode::finish); });
  may_end = true;
  stopper.join();
  EXPECT_EQ(find(job).state, JobState::completed);
}

TEST_F(Engine, GivesBackWhatRunsWhenItIsReleased) {
  std::latch started(1);
  const Job job = create("poster", "{}");
  const auto worker = engine({{"poster", {[&](JobAttempt&, Context& context) -> std::string {
                                            started.count_down();
                                            while (true) context.wait_for(std::chrono::milliseconds(1));
                                          },
                                          {}}}});
  worker->start();
  started.wait();
  worker->stop(StopMode::release);
  EXPECT_EQ(find(job).state, JobState::pending);
  EXPECT_EQ(find(job).attempt, 0);
  EXPECT_EQ(worker->counts().released, 1);
}

TEST_F(Engine, TakesBackJobsOfDeadWorkers) {
  const Job job = create("listing", kListing);
  jobs_->claim("dead", std::chrono::seconds(30), context_);
  clock_->advance(std::chrono::seconds(31));
  const auto worker = engine();
  worker->drain(context_);
  EXPECT_EQ(find(job).state, JobState::completed);
  EXPECT_EQ(worker->counts().swept, 1);
}

TEST_F(Engine, TakesBackAHangingWorkersJobWhichThenPublishesNothing) {
  const Job job = create("poster", "{}");
  std::latch started(1);
  std::atomic<int> attempts = 0;
  const auto worker = engine({{"poster", {[&](JobAttempt&, Context& context) -> std::string {
                                            if (++attempts > 1) return R"({"by":"second"})";
                                            started.count_down();
                                            clock_->advance(std::chrono::hours(2));
                                            jobs_->sweep({}, context_);
                                            while (find(job).state != JobState::completed)
                                              std::this_thread::yield();
                                            context.cancelled();
                                            return R"({"by":"first"})";
                                          },
                                          {}}}});
  worker->drain(context_);
  EXPECT_EQ(find(job).result, R"({"by":"second"})");
  EXPECT_EQ(worker->counts().lost, 1);
}

TEST_F(Engine, CanBeStartedAgainAfterAStop) {
  const auto worker = engine();
  worker->start();
  worker->stop(StopMode::finish);
  const Job job = create("listing", kListing);
  worker->drain(context_);
  EXPECT_EQ(find(job).state, JobState::completed);
}

TEST_F(Engine, SpendsNoMoreThanTheDaysBudgetWithManyWorkers) {
  options_.spending.per_day = MicroUsd{200'000};
  engine_options_.workers = 8;
  for (int i = 0; i < 20; ++i) create("artwork", kArtwork);
  engine()->drain(context_);
  EXPECT_EQ(generator_.orders_charged(), 5);
  EXPECT_EQ(count(JobState::failed), 15);
}

TEST_F(Engine, HoldsMemoryWithinTheBudgetWithManyWorkers) {
  // Each takes 16 MiB and a little: two at a time fit.
  options_.memory_bytes = 36u << 20u;
  options_.cache_bytes = 0;
  engine_options_.workers = 6;
  const auto pipeline = std::make_shared<Pipeline>(parts_, options_);
  std::atomic<std::size_t> most = 0;
  engine_options_.on_end = [&](const Job&, const AttemptReport&) {
    std::size_t seen = most;
    while (!most.compare_exchange_weak(seen, std::max(seen, pipeline->usage().memory_in_use))) {
    }
  };
  for (int i = 0; i < 30; ++i) create("listing", kListing);
  engine(kinds_of(pipeline))->drain(context_);
  EXPECT_EQ(count(JobState::completed), 30);
  EXPECT_LE(most, options_.memory_bytes);
  EXPECT_EQ(pipeline->usage().memory_in_use, 0U);
}

TEST_F(Engine, TellsOfEveryEnd) {
  std::mutex mutex;
  std::vector<AttemptEnd> ends;
  engine_options_.on_end = [&](const Job&, const AttemptReport& report) {
    const std::lock_guard lock(mutex);
    ends.push_back(report.end);
  };
  create("artwork", kArtwork);
  create("artwork", R"({"prompt":""})");
  engine()->drain(context_);
  std::sort(ends.begin(), ends.end());
  EXPECT_EQ(ends, (std::vector{AttemptEnd::completed, AttemptEnd::failed}));
}

TEST_F(Engine, StopsDrainingWhenItIsCancelled) {
  const Job job = create("poster", "{}");
  Context stopping;
  const auto worker = engine({{"poster", {[&](JobAttempt&, Context& context) -> std::string {
                                            stopping.cancel();
                                            while (true) context.wait_for(std::chrono::milliseconds(1));
                                          },
                                          {}}}});
  EXPECT_EQ(code_of([&] { worker->drain(stopping); }), ErrorCode::cancelled);
  EXPECT_EQ(find(job).state, JobState::pending);
}

TEST_F(Engine, NeedsKindsAndWorkers) {
  EXPECT_THROW(engine(JobKinds{}), std::invalid_argument);
  engine_options_.workers = 0;
  EXPECT_THROW(engine(), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
