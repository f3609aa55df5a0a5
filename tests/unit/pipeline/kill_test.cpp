// Real processes that are killed at random moments, on stores that stay. The worker is tests/support/pipeline_worker.cpp.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "support/billing_service.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "vitrine/base/sha256.h"
#include "vitrine/compose/mock.h"
#include "vitrine/detect/mock.h"
#include "vitrine/jobs/sqlite_store.h"
#include "vitrine/pipeline/pipeline.h"
#include "vitrine/storage/file_store.h"

namespace vitrine {
namespace {

class KilledWorkers : public ::testing::Test {
 protected:
  KilledWorkers() {
    std::filesystem::create_directory(folder_ / "bill");
    SqliteOptions file;
    file.path = folder_ / "jobs.db";
    jobs_ = open_sqlite_job_store(file);
    objects_ = open_file_object_store(folder_ / "objects");
    EncodeOptions png;
    png.format = FileFormat::png;
    for (const std::string name : {"hall", "loft", "room"})
      objects_->put("templates/" + name + ".png",
                    encode_image(plain_image({60, 40}, PixelFormat::rgb8, {90, 90, 90}), png), {}, context_);
  }

  void create(const std::string& kind, const std::string& request) {
    NewJob job;
    job.kind = kind;
    job.request = request;
    job.max_attempts = 100;
    ids_.push_back(jobs_->create(job, context_).id);
  }

  // Two pictures are ordered by each round's jobs.
  void create_round(int round) {
    const std::string prompt = R"({"prompt":"picture )" + std::to_string(round);
    create("artwork", prompt + R"( a"})");
    create("listing", R"({"artwork":{"order":)" + prompt + R"( b"}}})");
  }

  /// Runs a worker that kills itself; 0: one that lives. Its exit status; -1 if it was killed.
  int run_worker(long microseconds) {
    const std::string folder = folder_.path().string();
    const std::string delay = std::to_string(microseconds);
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl(VITRINE_PIPELINE_WORKER, VITRINE_PIPELINE_WORKER, folder.c_str(), delay.c_str(), nullptr);
      ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Takes every job back that is being worked on, since nobody is left who could.
  void sweep() {
    SweepOptions all;
    all.longest_attempt = std::chrono::milliseconds(1);
    jobs_->sweep(all, context_);
  }

  MicroUsd ledger() {
    const CostSum sum = jobs_->sum_costs({}, CostGrouping::none, context_).front();
    return sum.settled + sum.estimated;
  }

  int stale_objects() {
    PipelineParts parts;
    parts.detector = make_mock_detector();
    parts.compositor = make_mock_compositor();
    parts.jobs = jobs_;
    parts.objects = objects_;
    Pipeline pipeline(parts);
    int removed = 0;
    for (const std::string& id : ids_) removed += pipeline.tidy(id, std::chrono::milliseconds(0), context_);
    return removed;
  }

  TemporaryFolder folder_;
  Context context_;
  std::shared_ptr<JobStore> jobs_;
  std::shared_ptr<ObjectStore> objects_;
  std::vector<std::string> ids_;
};

TEST_F(KilledWorkers, LoseNoJobPayNothingTwiceAndTearNoObject) {
  const char* wanted = std::getenv("VITRINE_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 20;
  std::mt19937 random(20261124);
  int killed = 0;
  for (int round = 0; killed < kills; ++round) {
    create_round(round);
    if (run_worker(std::uniform_int_distribution<long>(1, 150'000)(random)) == -1) ++killed;
    sweep();
    ASSERT_LT(round, 20 * kills + 20) << "hardly any worker lives long enough to be killed at work";
  }
  ASSERT_EQ(run_worker(0), 0);

  JobFilter completed;
  completed.states = {JobState::completed};
  EXPECT_EQ(jobs_->count(completed, context_), std::ssize(ids_));
  int interrupted = 0;
  for (const std::string& id : ids_) interrupted += jobs_->find(id, context_)->attempt > 1 ? 1 : 0;
  RecordProperty("jobs_interrupted", interrupted);
  const auto prompts = charged_prompts(folder_ / "bill");
  EXPECT_EQ(prompts.size(), ids_.size()) << "each job orders one picture";
  EXPECT_EQ(std::set<std::string>(prompts.begin(), prompts.end()).size(), prompts.size()) << "paid twice";
  EXPECT_EQ(ledger(), MicroUsd{static_cast<std::int64_t>(prompts.size()) * kServicePrice.value});
  std::optional<std::string> after;
  do {
    const ObjectPage page = objects_->list("", after, 1000, context_);
    for (const ObjectInfo& info : page.objects)
      EXPECT_EQ(sha256_hex(objects_->get(info.ref.key, context_)), info.ref.sha256) << info.ref.key;
    after = page.next;
  } while (after);
  stale_objects();
  EXPECT_EQ(stale_objects(), 0);
}

}  // namespace
}  // namespace vitrine
