// A worker process for tests of the pipeline, made to be killed: does all jobs there are, with two threads, on
// FOLDER/jobs.db, FOLDER/objects and the service whose bill is FOLDER/bill. Kills itself MICROSECONDS after it began to work,
// unless 0.
//   pipeline_worker FOLDER MICROSECONDS
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <thread>

#include "support/billing_service.h"
#include "vitrine/compose/mock.h"
#include "vitrine/detect/mock.h"
#include "vitrine/jobs/sqlite_store.h"
#include "vitrine/pipeline/local_engine.h"
#include "vitrine/storage/file_store.h"

namespace {

void die_in(std::chrono::microseconds delay) {
  std::thread([delay] {
    std::this_thread::sleep_for(delay);
    ::kill(::getpid(), SIGKILL);
  }).detach();
}

void work(const std::filesystem::path& folder, std::chrono::microseconds delay) {
  vitrine::SqliteOptions file;
  file.path = folder / "jobs.db";
  vitrine::PipelineParts parts;
  parts.detector = vitrine::make_mock_detector();
  parts.compositor = vitrine::make_mock_compositor();
  parts.jobs = vitrine::open_sqlite_job_store(file);
  parts.objects = vitrine::open_file_object_store(folder / "objects");
  parts.generator = vitrine::make_billing_service(folder / "bill");
  parts.find_order = vitrine::look_up_in(folder / "bill");
  vitrine::PipelineOptions options;
  options.order_grace = std::chrono::milliseconds(0);  // who wrote an intent is dead when this process starts
  vitrine::LocalEngineOptions engine;
  engine.poll_least = std::chrono::milliseconds(1);
  engine.drain_horizon = std::chrono::milliseconds(0);
  vitrine::Context context;
  if (delay.count() > 0) die_in(delay);
  vitrine::LocalEngine(parts.jobs, vitrine::kinds_of(std::make_shared<vitrine::Pipeline>(parts, options)), engine)
      .drain(context);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    work(argv[1], std::chrono::microseconds(std::atol(argv[2])));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pipeline_worker: %s\n", error.what());
    return 1;
  }
  return 0;
}
