#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/compose/mock.h"
#include "vitrine/detect/fixed.h"
#include "vitrine/generate/mock.h"
#include "vitrine/jobs/memory_store.h"
#include "vitrine/pipeline/local_engine.h"
#include "vitrine/storage/memory_store.h"

namespace vitrine {

/// A shared handle on what the test owns.
template <typename Part>
std::shared_ptr<Part> borrowed(Part& part) {
  return {std::shared_ptr<void>(), &part};
}

inline Bytes png_of(const Image& image) {
  EncodeOptions png;
  png.format = FileFormat::png;
  return encode_image(image, png);
}

/// Stores in memory, a clock that stands still, a generator that keeps the bill, and a pipeline upon them.
class PipelineWorld : public ::testing::Test {
 protected:
  PipelineWorld() {
    put_image("art/red.png", plain_image({40, 30}, PixelFormat::rgb8, {200, 0, 0}));
    put_image("templates/hall.png", plain_image({120, 90}, PixelFormat::rgb8, {60, 60, 60}));
    put_image("templates/room.png", plain_image({100, 80}, PixelFormat::rgb8, {90, 90, 90}));
    parts_.detector = make_fixed_detector({quad_of({20, 20, 50, 40})});
    parts_.compositor = make_mock_compositor();
    parts_.jobs = jobs_;
    parts_.objects = objects_;
    parts_.clock = clock_;
    parts_.generator = borrowed<ImageGenerator>(generator_);
  }

  void put_image(const std::string& key, const Image& image) { put_bytes(key, png_of(image)); }
  void put_bytes(const std::string& key, const Bytes& bytes) {
    PutOptions options;
    options.mode = PutMode::replace;
    objects_->put(key, bytes, options, context_);
  }

  Job create(const std::string& kind, const std::string& request, int max_attempts = 3) {
    NewJob job;
    job.kind = kind;
    job.request = request;
    job.max_attempts = max_attempts;
    return jobs_->create(job, context_);
  }

  /// Claims the next job and runs one attempt at it.
  AttemptReport run_next(Pipeline& pipeline) {
    const Job job = jobs_->claim("worker", std::chrono::minutes(10), context_).value();
    return run_attempt(
        *jobs_, job, [&](JobAttempt& attempt, Context& context) { return pipeline.run(attempt, context); }, {},
        context_);
  }
  AttemptReport run_next() {
    Pipeline pipeline(parts_, options_);
    return run_next(pipeline);
  }

  Job find(const Job& job) { return jobs_->find(job.id, context_).value(); }

  MicroUsd ledger() {
    const CostSum sum = jobs_->sum_costs({}, CostGrouping::none, context_).front();
    return sum.settled + sum.estimated;
  }

  std::vector<std::string> keys_under(const std::string& prefix) {
    std::vector<std::string> keys;
    for (const ObjectInfo& info : objects_->list(prefix, std::nullopt, 1000, context_).objects)
      keys.push_back(info.ref.key);
    return keys;
  }

  Context context_;
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::shared_ptr<JobStore> jobs_ = make_memory_job_store(clock_);
  std::shared_ptr<ObjectStore> objects_ = make_memory_object_store(clock_);
  MockGenerator generator_{{}, MicroUsd{40'000}, clock_};
  PipelineParts parts_;
  PipelineOptions options_;
};

inline const std::string kArtwork = R"({"prompt":"a red fox"})";
inline const std::string kMockup = R"({"artwork":"art/red.png","scenes":["templates/hall.png","templates/room.png"]})";
inline const std::string kListing = R"({"artwork":"art/red.png"})";

}  // namespace vitrine
