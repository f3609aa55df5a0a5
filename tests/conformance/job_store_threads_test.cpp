// Many workers at once, random histories, and stores that are wrong on purpose.
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "conformance/job_store_suite.h"
#include "vitrine/jobs/memory_store.h"

namespace vitrine {

using namespace std::chrono_literals;

void check_that_each_job_is_claimed_once(JobStore& store) {
  constexpr int kJobs = 200;
  Context context;
  for (int i = 0; i < kJobs; ++i) store.create(job_of_kind("mockup"), context);
  std::mutex mutex;
  std::multiset<std::string> claims;
  run_threads(8, [&](int i) {
    Context mine;
    // A bound, so that a store that never runs dry ends as well.
    for (int round = 0; round < 2 * kJobs; ++round) {
      const auto batch = store.claim_batch("worker-" + std::to_string(i), 1 + i % 3, {}, kLease, mine);
      if (batch.empty()) return;
      const std::lock_guard lock(mutex);
      for (const auto& job : batch) claims.insert(job.id);
    }
  });
  EXPECT_EQ(claims.size(), kJobs) << "not each job was claimed once";
  EXPECT_EQ(std::set<std::string>(claims.begin(), claims.end()).size(), kJobs);
}

void check_that_two_sweeps_take_a_job_back_once(JobStore& store, FakeClock& clock) {
  constexpr int kJobs = 50;
  Context context;
  for (int i = 0; i < kJobs; ++i) store.create(job_of_kind("mockup"), context);
  store.claim_batch("worker-a", kJobs, {}, kLease, context);
  clock.advance(kLease);
  std::atomic<int> requeued = 0;
  run_threads(4, [&](int) {
    Context mine;
    requeued += store.sweep({}, mine).requeued;
  });
  EXPECT_EQ(requeued, kJobs) << "a job was not taken back once";
  EXPECT_EQ(store.claim_batch("worker-b", kJobs, {}, kLease, context).at(0).attempt, 2);
}

TEST_P(JobStoreConformance, EightThreadsClaimEachJobOnce) { check_that_each_job_is_claimed_once(store()); }

TEST_P(JobStoreConformance, TwoSweepsAtOnceTakeAJobBackOnce) {
  check_that_two_sweeps_take_a_job_back_once(store(), clock());
}

TEST_P(JobStoreConformance, WorkersAndSweepersTogetherCompleteEachJobOnce) {
  constexpr int kJobs = 100;
  for (int i = 0; i < kJobs; ++i) {
    auto wanted = job_of_kind("mockup");
    wanted.max_attempts = 100;
    create(wanted);
  }
  std::atomic<int> completions = 0;
  run_threads(8, [&](int i) {
    Context context;
    const bool slow = i % 4 == 0;
    // The two slow workers lose every lease. They stop before they have used up the attempts of one job between them.
    for (int turn = 0; !slow || turn < 40; ++turn) {
      const auto held = store().claim("worker-" + std::to_string(i), kLease, context);
      if (!held) return;
      if (slow) clock().advance(kLease);
      if (slow) store().sweep({}, context);
      if (!code_of([&] { store().complete(*held, R"({"by":)" + std::to_string(i) + "}", context); })) ++completions;
    }
  });
  clock().advance(kLease);
  sweep();
  clock().advance(std::chrono::minutes(10));  // past any back-off
  while (auto held = store().claim("last", kLease, context_)) {
    complete(*held);
    ++completions;
  }
  EXPECT_EQ(completions, kJobs);
}

TEST_P(JobStoreConformance, EightThreadsClaimAndCompleteBatchesEachJobOnce) {
  constexpr int kJobs = 200;
  for (int i = 0; i < kJobs; ++i) create();
  std::atomic<int> completions = 0;
  run_threads(8, [&](int i) {
    Context context;
    for (;;) {
      const auto batch = store().claim_batch("worker-" + std::to_string(i), 7, {}, kLease, context);
      if (batch.empty()) return;
      std::vector<Completion> done;
      for (const auto& held : batch) done.push_back({held, R"({"by":)" + std::to_string(i) + "}"});
      EXPECT_TRUE(store().complete_batch(done, context).empty());
      completions += static_cast<int>(batch.size());
    }
  });
  JobFilter completed;
  completed.states = {JobState::completed};
  EXPECT_EQ(completions, kJobs);
  EXPECT_EQ(store().count(completed, context_), kJobs);
}

TEST_P(JobStoreConformance, AZombieAndTheNextHolderThatCompleteAtOnceCompleteItOnce) {
  for (int round = 0; round < 20; ++round) {
    const auto zombie = create_and_claim();
    clock().advance(kLease);
    std::optional<Job> next;
    std::atomic<int> completions = 0;
    run_threads(2, [&](int i) {
      Context context;
      if (i == 1) {
        store().sweep({}, context);
        next = store().claim("worker-b", kLease, context);
      }
      const Job* held = i == 0 ? &zombie : next ? &*next : nullptr;
      if (held == nullptr) return;  // the zombie was quicker than the sweep
      if (!code_of([&] { store().complete(*held, R"({"by":)" + std::to_string(i) + "}", context); })) ++completions;
    });
    EXPECT_EQ(completions, 1);
    EXPECT_EQ(state_of(zombie), JobState::completed);
  }
}

// --- random histories ------------------------------------------------------------------------------------------------

namespace {

/// Does one random thing after another, and checks each against what must hold whatever the order.
class RandomHistory {
 public:
  RandomHistory(JobStore& store, FakeClock& clock, unsigned seed) : store_(store), clock_(clock), random_(seed) {
    for (int i = 0; i < 6; ++i) {
      auto wanted = job_of_kind("mockup");
      wanted.max_attempts = 1 + pick(4);
      ids_.push_back(store_.create(wanted, context_).id);
    }
  }

  void step() {
    switch (pick(9)) {
      case 0:
      case 1:
        return claim();
      case 2:
        return write([&](const Job& job) { store_.heartbeat(job, pick(11) / 10.0, kLease, context_); });
      case 3:
        return write([&](const Job& job) { store_.complete(job, next_result(), context_); });
      case 4:
        return write(
            [&](const Job& job) { store_.fail(job, pick(3) == 0 ? final_failure() : worth_repeating(), context_); });
      case 5:
        return write([&](const Job& job) { store_.release(job, context_); });
      case 6:
        return steer();
      case 7:
        store_.sweep({}, context_);
        return look();
      default:
        clock_.advance(std::chrono::seconds(pick(120) - 40));
        return;
    }
  }

  // Each job was completed as often as its completion was accepted: at most once between two retries, and a completed
  // job cannot be retried.
  void check() {
    for (const auto& id : ids_) {
      const auto job = store_.find(id, context_).value();
      EXPECT_LE(completions_[id], 1) << "job " << id << " was completed twice";
      EXPECT_EQ(job.state == JobState::completed, completions_[id] == 1);
      EXPECT_LE(job.attempt, job.max_attempts);
      EXPECT_EQ(job.lease.has_value(), job.state == JobState::processing);
    }
  }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string next_result() { return R"({"n":)" + std::to_string(++results_) + "}"; }

  void claim() {
    if (auto job = store_.claim("worker-" + std::to_string(pick(3)), kLease, context_)) {
      live_[job->id] = job->lease->token;
      claims_.push_back(*std::move(job));
    }
  }

  // Uses any claim that was ever given. Accepted if and only if it is the live one.
  template <class Verb>
  void write(const Verb& verb) {
    if (claims_.empty()) return;
    const Job& held = claims_[static_cast<std::size_t>(pick(static_cast<int>(claims_.size())))];
    const auto before = store_.find(held.id, context_).value();
    const bool live = before.state == JobState::processing && live_[held.id] == held.lease->token;
    const auto code = code_of([&] { verb(held); });
    const auto after = store_.find(held.id, context_).value();
    EXPECT_EQ(!code, live) << "a write was " << (code ? "refused" : "accepted");
    if (!live) expect_same(before, after);
    if (before.state != JobState::completed && after.state == JobState::completed) ++completions_[held.id];
  }

  void steer() {
    const auto& id = ids_[static_cast<std::size_t>(pick(static_cast<int>(ids_.size())))];
    if (pick(2) == 0)
      store_.cancel(id, context_);
    else
      code_of([&] { store_.retry(id, context_); });
  }

  void look() {
    for (const auto& id : ids_) EXPECT_TRUE(store_.find(id, context_)) << "a job was lost";
  }

  static void expect_same(const Job& before, const Job& after) {
    EXPECT_EQ(before.state, after.state) << "a stale write changed a job";
    EXPECT_EQ(before.result, after.result);
    EXPECT_EQ(before.attempt, after.attempt);
    EXPECT_EQ(before.progress, after.progress);
    EXPECT_EQ(before.updated_at, after.updated_at);
    EXPECT_EQ(before.not_before, after.not_before);
    EXPECT_EQ(before.lease.value_or(Lease{}).expires_at, after.lease.value_or(Lease{}).expires_at);
  }

  JobStore& store_;
  FakeClock& clock_;
  std::mt19937 random_;
  Context context_;
  std::vector<std::string> ids_;
  std::vector<Job> claims_;
  std::map<std::string, std::string> live_;
  std::map<std::string, int> completions_;
  int results_ = 0;
};

}  // namespace

TEST_P(JobStoreConformance, WhateverTheOrderAJobCompletesOnceAndStaleWritesChangeNothing) {
  for (unsigned seed = 1; seed <= GetParam().histories; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto world = GetParam().make(clock_);
    RandomHistory history(*world.store, clock(), seed);
    for (int i = 0; i < 300; ++i) history.step();
    history.check();
    if (HasFailure()) return;
  }
}

// --- canaries --------------------------------------------------------------------------------------------------------

namespace {

/// A store that passes everything on; a canary changes one verb.
class PassingStore : public JobStore {
 public:
  explicit PassingStore(std::shared_ptr<Clock> clock) : store_(make_memory_job_store(std::move(clock))) {}
  Job create(const NewJob& job, Context& c) override { return store_->create(job, c); }
  std::optional<Job> find(std::string_view id, Context& c) override { return store_->find(id, c); }
  JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& c) override {
    return store_->list(filter, std::move(after), limit, c);
  }
  std::int64_t count(const JobFilter& filter, Context& c) override { return store_->count(filter, c); }
  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& c) override {
    return store_->claim_batch(worker, most, kinds, lease, c);
  }
  Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& c) override {
    return store_->heartbeat(held, progress, lease, c);
  }
  void save_journal(const Job& held, std::string_view journal, Context& c) override {
    store_->save_journal(held, journal, c);
  }
  void complete(const Job& held, std::string_view result, Context& c) override { store_->complete(held, result, c); }
  void fail(const Job& held, const Failure& failure, Context& c) override { store_->fail(held, failure, c); }
  void release(const Job& held, Context& c) override { store_->release(held, c); }
  Job cancel(std::string_view id, Context& c) override { return store_->cancel(id, c); }
  Job retry(std::string_view id, Context& c) override { return store_->retry(id, c); }
  SweepReport sweep(const SweepOptions& options, Context& c) override { return store_->sweep(options, c); }
  int remove(const std::vector<std::string>& ids, Context& c) override { return store_->remove(ids, c); }
  void export_to(ByteSink& sink, const JobFilter& filter, Context& c) override { store_->export_to(sink, filter, c); }
  std::int64_t import_from(ByteSource& source, Context& c) override { return store_->import_from(source, c); }
  void record_cost(const CostEntry& entry, Context& c) override { store_->record_cost(entry, c); }
  std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                               Context& c) override {
    return store_->costs(filter, std::move(after), limit, c);
  }
  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& c) override {
    return store_->sum_costs(filter, grouping, c);
  }

 protected:
  std::unique_ptr<JobStore> store_;
};

/// Lets every holder in: it writes under whatever token the job has now.
class ForgetfulStore final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& c) override {
    auto jobs = PassingStore::claim_batch(worker, most, kinds, lease, c);
    const std::lock_guard lock(mutex_);
    for (const auto& job : jobs) current_[job.id] = job;
    return jobs;
  }
  Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& c) override {
    return PassingStore::heartbeat(current(held), progress, lease, c);
  }
  void complete(const Job& held, std::string_view result, Context& c) override {
    PassingStore::complete(current(held), result, c);
  }

 private:
  Job current(const Job& held) {
    const std::lock_guard lock(mutex_);
    return current_.at(held.id);
  }
  std::mutex mutex_;
  std::map<std::string, Job> current_;
};

/// Gives some jobs to two workers.
class GenerousStore final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& c) override {
    auto jobs = PassingStore::claim_batch(worker, most, kinds, lease, c);
    const std::lock_guard lock(mutex_);
    if (jobs.empty()) return std::exchange(kept_, {});
    kept_ = jobs;
    return jobs;
  }

 private:
  std::mutex mutex_;
  std::vector<Job> kept_;
};

/// Takes each job back that is at work, over and over.
class EagerSweeper final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  SweepReport sweep(const SweepOptions& options, Context& c) override {
    auto report = PassingStore::sweep(options, c);
    report.requeued = static_cast<int>(count({}, c));
    return report;
  }
};

}  // namespace

TEST(JobStoreCanary, RejectsAStoreThatForgetsALease) {
  auto clock = std::make_shared<FakeClock>();
  ForgetfulStore forgetful(clock);
  const auto failures = failures_of([&] { check_that_a_stale_token_changes_nothing(forgetful, *clock); });
  EXPECT_NE(failures.find("a stale token was accepted"), std::string::npos);
}

TEST(JobStoreCanary, RejectsAStoreThatGivesAJobTwice) {
  GenerousStore generous(std::make_shared<FakeClock>());
  const auto failures = failures_of([&] { check_that_each_job_is_claimed_once(generous); });
  EXPECT_NE(failures.find("not each job was claimed once"), std::string::npos);
}

TEST(JobStoreCanary, RejectsAStoreWhoseSweepsCountAJobTwice) {
  auto clock = std::make_shared<FakeClock>();
  EagerSweeper eager(clock);
  const auto failures = failures_of([&] { check_that_two_sweeps_take_a_job_back_once(eager, *clock); });
  EXPECT_NE(failures.find("not taken back once"), std::string::npos);
}

TEST(JobStoreCanary, RejectsAForgetfulStoreInRandomHistoriesToo) {
  auto clock = std::make_shared<FakeClock>();
  const auto failures = failures_of([&] {
    ForgetfulStore forgetful(clock);
    RandomHistory history(forgetful, *clock, 1);
    for (int i = 0; i < 300; ++i) history.step();
  });
  EXPECT_NE(failures.find("a write was accepted"), std::string::npos);
}

}  // namespace vitrine
