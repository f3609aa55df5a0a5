// A worker process for tests of the SQLite job store, made to be killed: claims and completes jobs until there are none
// for it, and says each id on standard output once its completion is written.
//   job_worker FILE NAME BATCH SKEW_SECONDS
// A BATCH of 1 uses claim() and complete(). Exits with 0 when there is nothing to claim.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "vitrine/base/error.h"
#include "vitrine/jobs/sqlite_store.h"

namespace {

/// The system's clock, some seconds wrong.
class SkewedClock final : public vitrine::Clock {
 public:
  explicit SkewedClock(std::chrono::seconds skew) : skew_(skew) {}
  vitrine::Timestamp now() const override { return system_->now() + skew_; }
  void sleep_until(vitrine::Timestamp time, vitrine::Context& context) override {
    system_->sleep_until(time - skew_, context);
  }

 private:
  std::shared_ptr<vitrine::Clock> system_ = vitrine::make_system_clock();
  std::chrono::seconds skew_;
};

// One write: a reader never sees half a line, even of a process that was killed.
void say(const std::string& lines) {
  if (::write(STDOUT_FILENO, lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) std::exit(3);
}

void complete_all(vitrine::JobStore& store, const std::vector<vitrine::Job>& held, const std::string& name,
                  vitrine::Context& context) {
  std::vector<vitrine::Completion> done;
  for (const auto& job : held) {
    store.save_journal(job, "{\"paid_by\":\"" + name + "\"}", context);
    done.push_back({job, "{\"by\":\"" + name + "\"}"});
  }
  const auto lost = store.complete_batch(done, context);
  std::string lines;
  for (const auto& job : held)
    if (std::find(lost.begin(), lost.end(), job.id) == lost.end()) lines += job.id + "\n";
  say(lines);
}

void work(vitrine::JobStore& store, const std::string& name, int batch) {
  vitrine::Context context;
  for (;;) {
    const auto held = store.claim_batch(name, batch, {}, std::chrono::seconds(30), context);
    if (held.empty()) return;
    if (batch > 1) {
      complete_all(store, held, name, context);
      continue;
    }
    try {
      store.heartbeat(held.front(), 0.5, std::chrono::seconds(30), context);
      store.complete(held.front(), "{\"by\":\"" + name + "\"}", context);
      say(held.front().id + "\n");
    } catch (const vitrine::Error& error) {
      if (error.code() != vitrine::ErrorCode::lease_lost) throw;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  try {
    vitrine::SqliteOptions options;
    options.path = argv[1];
    const auto clock = std::make_shared<SkewedClock>(std::chrono::seconds(std::atoi(argv[4])));
    work(*vitrine::open_sqlite_job_store(options, clock), argv[2], std::atoi(argv[3]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "job_worker: %s\n", error.what());
    return 1;
  }
  return 0;
}
