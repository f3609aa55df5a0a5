#include "vitrine/pipeline/archive.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "support/errors.h"
#include "support/run_threads.h"
#include "support/temporary_folder.h"
#include "vitrine/jobs/memory_store.h"
#include "vitrine/jobs/sqlite_store.h"
#include "vitrine/storage/memory_store.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

/// Passes everything on, with something that happens after an object was read back and before anybody can use it.
class WatchedStore final : public ObjectStore {
 public:
  explicit WatchedStore(std::shared_ptr<Clock> clock) : store_(make_memory_object_store(std::move(clock))) {}
  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& c) override {
    return store_->put(key, source, options, c);
  }
  ObjectRef get(std::string_view key, ByteSink& sink, Context& c) override {
    Bytes bytes = store_->get(key, c);
    if (after_get) after_get(bytes);
    sink.write(bytes);
    return store_->head(key, c)->ref;
  }
  std::optional<ObjectInfo> head(std::string_view key, Context& c) override { return store_->head(key, c); }
  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& c) override {
    return store_->list(prefix, std::move(after), limit, c);
  }
  bool remove(std::string_view key, Context& c) override { return store_->remove(key, c); }
  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& c) override {
    return store_->url(key, lifetime, c);
  }

  std::function<void(Bytes&)> after_get;

 private:
  std::unique_ptr<ObjectStore> store_;
};

class Archive : public ::testing::TestWithParam<const char*> {
 protected:
  Archive() : store_(open(folder_ / "jobs.db")) { options_.clock = clock_; }

  std::unique_ptr<JobStore> open(const std::filesystem::path& path) {
    if (std::string_view(GetParam()) == "memory") return make_memory_job_store(clock_);
    SqliteOptions options;
    options.path = path;
    return open_sqlite_job_store(options, clock_);
  }

  Job create() {
    NewJob job;
    job.kind = "mockup";
    job.request = R"({"artwork":"a.png"})";
    job.client_key = "order " + std::to_string(++orders_);
    return store_->create(job, context_);
  }
  Job create_and_complete() {
    create();
    const Job held = store_->claim("worker", 30s, context_).value();
    store_->save_journal(held, R"({"task":"t"})", context_);
    store_->complete(held, R"({"mockup":"m.png"})", context_);
    return store_->find(held.id, context_).value();
  }
  ArchiveReport archive() { return archive_jobs(*store_, objects_, options_, context_); }
  std::vector<std::string> keys() {
    std::vector<std::string> keys;
    for (const auto& object : objects_.list("", {}, 1000, context_).objects) keys.push_back(object.ref.key);
    return keys;
  }
  bool is_there(const Job& job) { return store_->find(job.id, context_).has_value(); }

  TemporaryFolder folder_;
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  WatchedStore objects_{clock_};
  std::unique_ptr<JobStore> store_;
  ArchiveOptions options_;
  Context context_;
  int orders_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, Archive, ::testing::Values("memory", "sqlite"),
                         [](const auto& store) { return std::string(store.param); });

TEST_P(Archive, TakesJobsThatEndedLongAgoAndNoOthers) {
  const auto old = create_and_complete();
  clock_->advance(1us);
  const auto young = create_and_complete();
  const auto waiting = create();
  clock_->advance(30 * 24h);
  const auto report = archive();
  EXPECT_EQ(report.archived, 1);
  EXPECT_EQ(report.objects.size(), 1u);
  EXPECT_FALSE(is_there(old));
  EXPECT_TRUE(is_there(young));
  EXPECT_TRUE(is_there(waiting));
}

TEST_P(Archive, IsRestoredAsItWas) {
  const auto old = create_and_complete();
  clock_->advance(31 * 24h);
  const auto report = archive();
  EXPECT_EQ(restore_jobs(*store_, objects_, report.objects.at(0).key, context_), 1);
  const auto back = store_->find(old.id, context_).value();
  EXPECT_EQ(back.state, JobState::completed);
  EXPECT_EQ(back.request, old.request);
  EXPECT_EQ(back.journal, old.journal);
  EXPECT_EQ(back.result, old.result);
  EXPECT_EQ(back.client_key, old.client_key);
  EXPECT_EQ(back.finished_at, old.finished_at);
}

TEST_P(Archive, OfWhatWasRestoredIsTheSameObjectAgain) {
  create_and_complete();
  clock_->advance(31 * 24h);
  const auto first = archive();
  restore_jobs(*store_, objects_, first.objects.at(0).key, context_);
  EXPECT_EQ(archive().objects, first.objects);
  EXPECT_EQ(store_->count({}, context_), 0);
  EXPECT_EQ(keys().size(), 1u);
}

TEST_P(Archive, OfNothingWritesNothing) {
  create_and_complete();
  EXPECT_EQ(archive().archived, 0);
  EXPECT_TRUE(keys().empty());
}

TEST_P(Archive, LeavesTheLedgerAlone) {
  const auto old = create_and_complete();
  store_->record_cost({"task", old.id, "bfl", "generate", "flux", {40'000}, true, clock_->now()}, context_);
  clock_->advance(31 * 24h);
  archive();
  EXPECT_EQ(store_->sum_costs({}, CostGrouping::none, context_).at(0).settled, MicroUsd{40'000});
}

TEST_P(Archive, StartsAnotherObjectWhenOneIsFull) {
  for (int i = 0; i < 5; ++i) create_and_complete();
  clock_->advance(31 * 24h);
  options_.jobs_per_object = 2;
  const auto report = archive();
  EXPECT_EQ(report.archived, 5);
  EXPECT_EQ(report.objects.size(), 3u);
  EXPECT_EQ(store_->count({}, context_), 0);
}

TEST_P(Archive, StartsAnotherObjectWhenOneIsLarge) {
  NewJob job;
  job.kind = "mockup";
  job.request = "{\"a\":\"" + std::string(250'000, 'x') + "\"}";
  for (int i = 0; i < 140; ++i) store_->cancel(store_->create(job, context_).id, context_);
  clock_->advance(31 * 24h);
  EXPECT_EQ(archive().objects.size(), 2u);
  EXPECT_EQ(store_->count({}, context_), 0);
}

TEST_P(Archive, ThatDiedAfterWritingGoesOnWithWhatItWrote) {
  const auto old = create_and_complete();
  clock_->advance(31 * 24h);
  objects_.after_get = [](Bytes&) { throw Error(ErrorCode::unavailable, "died"); };
  EXPECT_EQ(code_of([&] { archive(); }), ErrorCode::unavailable);
  EXPECT_TRUE(is_there(old));
  objects_.after_get = nullptr;
  clock_->advance(24h);
  EXPECT_EQ(archive().archived, 1);
  EXPECT_EQ(keys().size(), 1u);
}

TEST_P(Archive, ThatDiedBeforeRemovingLosesNothing) {
  const auto old = create_and_complete();
  clock_->advance(31 * 24h);
  objects_.after_get = [&](Bytes&) { context_.cancel(); };
  EXPECT_EQ(code_of([&] { archive(); }), ErrorCode::cancelled);
  context_ = Context();
  EXPECT_TRUE(is_there(old));
  objects_.after_get = nullptr;
  EXPECT_EQ(archive().archived, 1);
}

TEST_P(Archive, KeepsAJobThatWasRetriedMeanwhile) {
  const auto made = create();
  store_->cancel(made.id, context_);
  clock_->advance(31 * 24h);
  objects_.after_get = [&](Bytes&) { store_->retry(made.id, context_); };
  EXPECT_EQ(archive().kept, 1);
  EXPECT_EQ(store_->find(made.id, context_)->state, JobState::pending);
}

TEST_P(Archive, KeepsJobsWhoseObjectIsNotWhatWasWritten) {
  const auto old = create_and_complete();
  clock_->advance(31 * 24h);
  objects_.after_get = [](Bytes& bytes) { bytes[bytes.size() / 2] ^= 0x55u; };
  EXPECT_EQ(code_of([&] { archive(); }), ErrorCode::corrupt_data);
  EXPECT_NE(message_of([&] { archive(); }).find("archive/jobs/"), std::string::npos);
  EXPECT_TRUE(is_there(old));
}

TEST_P(Archive, BySeveralAtOnceLosesNothing) {
  std::set<std::string> ids;
  for (int i = 0; i < 60; ++i) ids.insert(create_and_complete().id);
  clock_->advance(31 * 24h);
  run_threads(4, [&](int i) {
    Context context;
    auto mine = options_;
    mine.jobs_per_object = 5 + i;
    archive_jobs(*store_, objects_, mine, context);
  });
  EXPECT_EQ(store_->count({}, context_), 0);
  const auto target = open(folder_ / "restored.db");
  for (const auto& key : keys()) restore_jobs(*target, objects_, key, context_);
  for (const auto& id : ids) EXPECT_TRUE(target->find(id, context_)) << id;
}

TEST_P(Archive, RestoresNothingOfADamagedObject) {
  create_and_complete();
  clock_->advance(31 * 24h);
  const auto key = archive().objects.at(0).key;
  objects_.after_get = [](Bytes& bytes) { bytes.resize(bytes.size() - 1); };
  EXPECT_EQ(code_of([&] { restore_jobs(*store_, objects_, key, context_); }), ErrorCode::corrupt_data);
  EXPECT_EQ(store_->count({}, context_), 0);
}

TEST_P(Archive, RestoresNothingFromAMissingObject) {
  EXPECT_EQ(code_of([&] { restore_jobs(*store_, objects_, "archive/none", context_); }), ErrorCode::not_found);
}

TEST_P(Archive, RefusesOptionsOutOfRange) {
  options_.age = -1h;
  EXPECT_THROW(archive(), std::invalid_argument);
  options_ = {};
  options_.jobs_per_object = 0;
  EXPECT_THROW(archive(), std::invalid_argument);
  options_ = {};
  options_.prefix = "../x";
  EXPECT_THROW(archive(), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
