// What every ImageGenerator does. A generator joins with one line in kBackends.
#include "vitrine/generate/generator.h"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <set>

#include "support/errors.h"
#include "support/failures_of.h"
#include "support/fake_bfl_api.h"
#include "support/run_threads.h"
#include "vitrine/generate/mock.h"
#include "vitrine/generate/procedural.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

struct GeneratorBackend {
  std::string name;
  std::unique_ptr<ImageGenerator> (*make)();
};
void PrintTo(const GeneratorBackend& backend, std::ostream* out) { *out << backend.name; }

std::unique_ptr<ImageGenerator> make_mock() { return std::make_unique<MockGenerator>(); }

std::unique_ptr<ImageGenerator> make_procedural() { return make_procedural_generator(); }

std::unique_ptr<ImageGenerator> make_bfl() { return BflWorld().make(); }

const GeneratorBackend kBackends[] = {
    {"bfl", make_bfl},
    {"mock", make_mock},
    {"procedural", make_procedural},
};

GenerationRequest request_for(std::string prompt, GenerationKind kind = GenerationKind::artwork) {
  GenerationRequest request;
  request.prompt = std::move(prompt);
  request.kind = kind;
  request.size = {256, 128};
  request.seed = 7;
  return request;
}

class ImageGeneratorConformance : public ::testing::TestWithParam<GeneratorBackend> {
 protected:
  ImageGenerator& generator() { return *generator_; }
  GenerationStatus wait_for(const GenerationTask& task) {
    auto status = generator().poll(task, context_);
    while (status.state == GenerationState::pending) {
      context_.wait_for(generator().poll_interval());
      status = generator().poll(task, context_);
    }
    return status;
  }
  GeneratedImage generate(const GenerationRequest& request) { return generator().generate(request, nullptr, context_); }

  std::unique_ptr<ImageGenerator> generator_ = GetParam().make();
  Context context_ = Context::with_timeout(std::chrono::seconds(60));
};

INSTANTIATE_TEST_SUITE_P(Backends, ImageGeneratorConformance, ::testing::ValuesIn(kBackends),
                         [](const auto& backend) { return backend.param.name; });

void check_that_the_order_is_journalled_before_it_is_polled(ImageGenerator& generator) {
  Context context;
  std::vector<GenerationTask> journal;
  const auto image = generator.generate(
      request_for("a lake"), [&](const GenerationTask& task) { journal.push_back(task); }, context);
  EXPECT_EQ(journal.size(), 1u) << "the order was not journalled once";
  if (journal.empty()) return;
  EXPECT_EQ(journal[0].id, image.task.id);
  EXPECT_EQ(generator.resume(journal[0], context).bytes, image.bytes) << "the journal does not lead to the picture";
}

TEST_P(ImageGeneratorConformance, GivesAPictureThatDecodes) {
  const auto image = generate(request_for("a lake"));
  EXPECT_FALSE(decode_image(image.bytes).empty());
}

TEST_P(ImageGeneratorConformance, NamesTheMediaTypeByItsContent) {
  const auto image = generate(request_for("a lake"));
  const auto format = sniff_format(image.bytes);
  ASSERT_TRUE(format);
  EXPECT_EQ(image.media_type, media_type_of(*format));
}

TEST_P(ImageGeneratorConformance, KeepsTheRatioOfTheRequest) {
  const auto picture = decode_image(generate(request_for("a lake")).bytes);
  EXPECT_NEAR(static_cast<double>(picture.width()) / picture.height(), 2.0, 0.1);
}

TEST_P(ImageGeneratorConformance, MakesBothKinds) {
  EXPECT_NO_THROW(generate(request_for("a lake", GenerationKind::artwork)));
  EXPECT_NO_THROW(generate(request_for("a room", GenerationKind::scene)));
}

TEST_P(ImageGeneratorConformance, TheSameSeedGivesTheSamePicture) {
  EXPECT_EQ(generate(request_for("a lake")).bytes, generate(request_for("a lake")).bytes);
}

TEST_P(ImageGeneratorConformance, AnotherSeedGivesAnotherPicture) {
  auto other = request_for("a lake");
  other.seed = 8;
  EXPECT_NE(generate(request_for("a lake")).bytes, generate(other).bytes);
}

TEST_P(ImageGeneratorConformance, ATaskHoldsAllThatIsNeededToCollectIt) {
  const auto task = generator().submit(request_for("a lake"), context_);
  EXPECT_FALSE(task.id.empty());
  EXPECT_FALSE(task.generator.empty());
  EXPECT_FALSE(task.model.empty());
  EXPECT_EQ(task.request.prompt, "a lake");
  EXPECT_EQ(task.estimated_cost, generator().estimate(request_for("a lake")));
}

TEST_P(ImageGeneratorConformance, EachOrderHasAnIdOfItsOwn) {
  const auto first = generator().submit(request_for("a lake"), context_);
  EXPECT_NE(generator().submit(request_for("a lake"), context_).id, first.id);
}

TEST_P(ImageGeneratorConformance, PollingAReadyTaskAgainCostsNothingAndSaysTheSame) {
  const auto task = generator().submit(request_for("a lake"), context_);
  EXPECT_EQ(wait_for(task).state, GenerationState::ready);
  EXPECT_EQ(generator().poll(task, context_).state, GenerationState::ready);
}

TEST_P(ImageGeneratorConformance, ATaskCanBeFetchedTwice) {
  const auto task = generator().submit(request_for("a lake"), context_);
  const auto status = wait_for(task);
  EXPECT_EQ(generator().fetch(task, status, context_).bytes, generator().fetch(task, status, context_).bytes);
}

TEST_P(ImageGeneratorConformance, ProgressLiesBetweenZeroAndOne) {
  const auto task = generator().submit(request_for("a lake"), context_);
  const auto early = generator().poll(task, context_);
  EXPECT_GE(early.progress, 0);
  EXPECT_LE(early.progress, 1);
  EXPECT_EQ(wait_for(task).progress, 1);
}

TEST_P(ImageGeneratorConformance, TheCostIsTheEstimateOrSettled) {
  const auto image = generate(request_for("a lake"));
  EXPECT_TRUE(image.settled || image.cost == image.task.estimated_cost);
}

TEST_P(ImageGeneratorConformance, JournalsTheOrderBeforeItIsPolled) {
  check_that_the_order_is_journalled_before_it_is_polled(generator());
}

TEST_P(ImageGeneratorConformance, ATaskSurvivesALostCaller) {
  GenerationTask task;
  Context lost;
  EXPECT_EQ(code_of([&] {
              generator().generate(
                  request_for("a lake"),
                  [&](const GenerationTask& ordered) {
                    task = ordered;
                    lost.cancel();
                  },
                  lost);
            }),
            ErrorCode::cancelled);
  EXPECT_FALSE(generator().resume(task, context_).bytes.empty());
}

TEST_P(ImageGeneratorConformance, AFailingJournalNamesTheOrderThatIsPaidFor) {
  std::string id;
  const auto fail = [&](const GenerationTask& task) {
    id = task.id;
    throw Error(ErrorCode::disk_full, "The disk is full.");
  };
  try {
    generator().generate(request_for("a lake"), fail, context_);
    FAIL() << "the journal's failure was swallowed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::disk_full);
    EXPECT_NE(std::string(error.what()).find(id), std::string::npos) << error.what();
    EXPECT_FALSE(error.retryable()) << "a retry would pay again";
  }
}

TEST_P(ImageGeneratorConformance, AJournalThatFailsInItsOwnWayIsNotRetriedEither) {
  const auto fail = [](const GenerationTask&) { throw std::runtime_error("odd"); };
  try {
    generator().generate(request_for("a lake"), fail, context_);
    FAIL() << "the journal's failure was swallowed";
  } catch (const Error& error) {
    EXPECT_FALSE(error.retryable());
  }
}

TEST_P(ImageGeneratorConformance, RefusesAnEmptyPrompt) {
  EXPECT_THROW(generator().estimate(request_for("")), std::invalid_argument);
  EXPECT_THROW(generator().submit(request_for(""), context_), std::invalid_argument);
}

TEST_P(ImageGeneratorConformance, RefusesASizeThatIsNone) {
  auto request = request_for("a lake");
  request.size = {0, 128};
  EXPECT_THROW(generator().submit(request, context_), std::invalid_argument);
  request.size = {1'000'000'000, 1'000'000'000};
  EXPECT_THROW(generator().submit(request, context_), std::invalid_argument);
}

TEST_P(ImageGeneratorConformance, OrdersNothingUnderACancelledContext) {
  context_.cancel();
  EXPECT_EQ(code_of([&] { generator().submit(request_for("a lake"), context_); }), ErrorCode::cancelled);
}

TEST_P(ImageGeneratorConformance, HeedsTheDeadline) {
  const auto task = generator().submit(request_for("a lake"), context_);
  auto late = Context::with_timeout(std::chrono::milliseconds(0));
  EXPECT_EQ(code_of([&] { generator().resume(task, late); }), ErrorCode::deadline_exceeded);
}

TEST_P(ImageGeneratorConformance, SaysThatATaskIsLostIfItIsNotKnown) {
  GenerationTask forged;
  forged.id = "no-such-task";
  forged.generator = "elsewhere";
  EXPECT_EQ(code_of([&] { generator().resume(forged, context_); }), ErrorCode::not_found);
}

TEST_P(ImageGeneratorConformance, ServesManyThreadsAtOnce) {
  std::mutex mutex;
  std::set<std::string> ids;
  run_threads(8, [&](int i) {
    Context context;
    const auto image = generator().generate(request_for("thread " + std::to_string(i)), nullptr, context);
    const std::lock_guard lock(mutex);
    ids.insert(image.task.id);
  });
  EXPECT_EQ(ids.size(), 8u);
}

// The canary: a generator that gives the journal a task nobody can collect.
class ForgetfulGenerator final : public ImageGenerator {
 public:
  MicroUsd estimate(const GenerationRequest& request) const override { return mock_.estimate(request); }
  GenerationTask submit(const GenerationRequest& request, Context& context) override {
    auto task = mock_.submit(request, context);
    real_id_ = std::exchange(task.id, "forgotten");
    return task;
  }
  GenerationStatus poll(const GenerationTask& task, Context& context) override {
    return mock_.poll(real(task), context);
  }
  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) override {
    auto image = mock_.fetch(real(task), status, context);
    image.bytes.push_back(static_cast<std::uint8_t>(++fetched_));
    return image;
  }

 private:
  GenerationTask real(GenerationTask task) const {
    task.id = real_id_;
    return task;
  }
  MockGenerator mock_;
  std::string real_id_;
  int fetched_ = 0;
};

TEST(ImageGeneratorCanary, RejectsAGeneratorWhoseJournalLeadsToAnotherPicture) {
  ForgetfulGenerator forgetful;
  const auto failures = failures_of([&] { check_that_the_order_is_journalled_before_it_is_polled(forgetful); });
  EXPECT_NE(failures.find("does not lead to the picture"), std::string::npos);
}

}  // namespace
}  // namespace vitrine
