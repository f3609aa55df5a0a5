// Several processes on one file, and processes that are killed. The worker is tests/support/job_worker.cpp.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "jobs/sqlite_connection.h"
#include "support/temporary_folder.h"
#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

/// A worker process and what it says.
class Worker {
 public:
  Worker(const std::filesystem::path& file, const std::string& name, int batch, int skew_seconds) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    const std::string path = file.string();
    const std::string batch_text = std::to_string(batch);
    const std::string skew = std::to_string(skew_seconds);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execl(VITRINE_JOB_WORKER, VITRINE_JOB_WORKER, path.c_str(), name.c_str(), batch_text.c_str(), skew.c_str(),
              nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Worker() {
    kill();
    ::close(output_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Reads up to `bytes` more of what it says; fewer only at its end.
  void listen(std::size_t bytes) {
    for (char piece[512]; bytes > 0;) {
      const ssize_t count = ::read(output_, piece, std::min(bytes, sizeof piece));
      if (count <= 0) return;
      said_.append(piece, static_cast<std::size_t>(count));
      bytes -= static_cast<std::size_t>(count);
    }
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  /// Its exit status; -1 if it was killed.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  /// The ids that it said in whole lines, to its end.
  std::vector<std::string> ids() {
    listen(SIZE_MAX);
    std::vector<std::string> ids;
    for (std::size_t begin = 0, end = 0; (end = said_.find('\n', begin)) != std::string::npos; begin = end + 1)
      ids.push_back(said_.substr(begin, end - begin));
    return ids;
  }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  std::string said_;
};

class SqliteProcesses : public ::testing::Test {
 protected:
  SqliteProcesses() {
    options_.path = folder_ / "jobs.db";
    store_ = open_sqlite_job_store(options_, clock_);
  }

  void create(int count) {
    NewJob job;
    job.kind = "mockup";
    job.max_attempts = 100;
    for (int i = 0; i < count; ++i) ids_.insert(store_->create(job, context_).id);
  }

  // What a worker says it completed: nobody said so before, and the store has it from this worker.
  void note(Worker& worker, const std::string& name) {
    for (const auto& id : worker.ids()) {
      EXPECT_TRUE(said_.insert(id).second) << "job " << id << " was completed twice";
      const auto job = store_->find(id, context_);
      ASSERT_TRUE(job) << "job " << id << " was lost";
      EXPECT_EQ(job->state, JobState::completed);
      EXPECT_EQ(job->result, "{\"by\":\"" + name + "\"}");
    }
  }

  // By a clock for which all leases ran out long ago.
  void sweep() {
    clock_->advance(2h);
    store_->sweep({}, context_);
    clock_->advance(-2h);
  }

  std::int64_t count(JobState state) {
    JobFilter filter;
    filter.states = {state};
    return store_->count(filter, context_);
  }

  std::string integrity() {
    SqliteConnection connection(options_.path, SqliteConnection::Access::read_only, 10s);
    return connection.text("PRAGMA integrity_check");
  }

  TemporaryFolder folder_;
  SqliteOptions options_;
  // Behind the workers' clocks: what is made is due for all of them.
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>(make_system_clock()->now() - 1h);
  std::unique_ptr<JobStore> store_;
  Context context_;
  std::set<std::string> ids_;
  std::set<std::string> said_;
};

TEST_F(SqliteProcesses, FourCompleteEachJobOnce) {
  create(300);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 4; ++i)
    workers.push_back(std::make_unique<Worker>(options_.path, "w" + std::to_string(i), 1 + i * 3, 0));
  for (int i = 0; i < 4; ++i) {
    note(*workers[static_cast<std::size_t>(i)], "w" + std::to_string(i));
    EXPECT_EQ(workers[static_cast<std::size_t>(i)]->wait(), 0);
  }
  EXPECT_EQ(said_, ids_);
  EXPECT_EQ(integrity(), "ok");
}

TEST_F(SqliteProcesses, WhoseClocksDifferByTenMinutesCompleteEachJobOnce) {
  create(200);
  Worker behind(options_.path, "behind", 2, -600);
  Worker right(options_.path, "right", 1, 0);
  Worker ahead(options_.path, "ahead", 3, 600);
  for (int i = 0; i < 50; ++i) sweep();  // takes everything back that is at work just then
  note(behind, "behind");
  note(right, "right");
  note(ahead, "ahead");
  EXPECT_EQ(count(JobState::failed), 0);
  EXPECT_EQ(std::ssize(said_) + count(JobState::pending) + count(JobState::processing), 200);
  EXPECT_EQ(count(JobState::completed), std::ssize(said_));
}

TEST_F(SqliteProcesses, ThatAreKilledAtRandomMomentsLoseNoJobAndRepeatNone) {
  const char* wanted = std::getenv("VITRINE_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 40;
  std::mt19937 random(20261124);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  constexpr std::size_t kLine = 37;  // an id and its line end
  for (int round = 0; round < kills; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    create(30);
    const std::string victim_name = "v" + std::to_string(round);
    const std::string other_name = "o" + std::to_string(round);
    Worker victim(options_.path, victim_name, 1 + static_cast<int>(below(4)), 0);
    Worker other(options_.path, other_name, 1 + static_cast<int>(below(4)), 0);
    victim.listen(below(15 * kLine));
    for (volatile std::size_t spin = below(200'000); spin > 0;) spin = spin - 1;  // somewhere between two lines
    victim.kill();
    note(victim, victim_name);
    note(other, other_name);
    EXPECT_EQ(other.wait(), 0);
    sweep();
    if (HasFailure()) return;
  }
  EXPECT_EQ(integrity(), "ok");
  Worker last(options_.path, "last", 10, 0);
  note(last, "last");
  EXPECT_EQ(store_->count({}, context_), std::ssize(ids_));
  EXPECT_EQ(count(JobState::completed), std::ssize(ids_));
  // A completion that was written may have gone unsaid, by a worker that was killed just then; never the reverse.
  EXPECT_LE(said_.size(), ids_.size());
  EXPECT_GE(said_.size() + static_cast<std::size_t>(4 * kills), ids_.size());
}

}  // namespace
}  // namespace vitrine
