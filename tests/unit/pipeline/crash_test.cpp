// A process that dies before or after any of its calls to job store, object store and generator, and another that takes
// over: the job ends right and nothing is paid twice.
#include "support/mortal_parts.h"
#include "support/pipeline_world.h"
#include "vitrine/generate/submit_unknown.h"

namespace vitrine {
namespace {

using Moment = Mortality::Moment;

class Crash : public PipelineWorld, public ::testing::WithParamInterface<Moment> {
 protected:
  /// One attempt by a process that dies at its `calls`-th call. True if it lived to its end.
  bool run_mortal(int calls) {
    Mortality life(calls, GetParam());
    MortalJobStore jobs(*jobs_, life, journals_);
    MortalObjectStore objects(*objects_, life);
    MortalGenerator generator(generator_, book_, life);
    PipelineParts parts = parts_;
    parts.jobs = borrowed<JobStore>(jobs);
    parts.objects = borrowed<ObjectStore>(objects);
    parts.generator = borrowed<ImageGenerator>(generator);
    try {
      Pipeline pipeline(parts, options_);
      const auto claimed = jobs.claim("mortal", std::chrono::minutes(10), context_);
      run_attempt(
          jobs, claimed.value(), [&](JobAttempt& attempt, Context& context) { return pipeline.run(attempt, context); },
          AttemptOptions{std::chrono::hours(1), std::chrono::seconds(1)}, context_);
    } catch (const Killed&) {
      return false;
    }
    return true;
  }

  /// The lease runs out, the job is swept, and a healthy process does what is left.
  void take_over() {
    clock_->advance(std::chrono::minutes(11));
    jobs_->sweep({}, context_);
    LocalEngineOptions options;
    options.workers = 1;
    options.poll_least = std::chrono::milliseconds(1);
    options.drain_horizon = std::chrono::milliseconds(0);
    LocalEngine engine(jobs_, kinds_of(std::make_shared<Pipeline>(parts_, options_)), options, clock_);
    engine.drain(context_);
  }

  /// Every object under the pipeline's prefixes is one that the result or the journal names.
  void expect_no_loser_object(const Job& job) {
    Pipeline pipeline(parts_, options_);
    EXPECT_EQ(pipeline.tidy(job.id, std::chrono::milliseconds(0), context_), 0);
  }

  OrderBook book_;
  MortalJobStore::Journals journals_ = MortalJobStore::Journals::kept;
};

class CrashWhileOrdering : public Crash {};
INSTANTIATE_TEST_SUITE_P(AtEveryCall, CrashWhileOrdering, ::testing::Values(Moment::before, Moment::after));

TEST_P(CrashWhileOrdering, EndsWithOnePaidPictureAndTheBillInTheLedgerIfTheServiceCanBeAsked) {
  parts_.find_order = book_.look_up();
  int number = 0;
  for (bool lived = false; !lived; ++number) {
    SCOPED_TRACE("dies at call " + std::to_string(number));
    const std::string prompt = "picture " + std::to_string(number);
    const Job job = create("artwork", R"({"prompt":")" + prompt + R"("})");
    lived = run_mortal(number);
    take_over();
    EXPECT_EQ(find(job).state, JobState::completed);
    EXPECT_EQ(generator_.orders_charged(), number + 1);
    EXPECT_EQ(ledger(), generator_.charged());
    expect_no_loser_object(job);
  }
  EXPECT_GT(number, 8) << "the run is so short that it cannot have had all its calls";
}

TEST_P(CrashWhileOrdering, NeverPaysTwiceAndNeverHidesAPaymentIfTheServiceCannotBeAsked) {
  for (bool lived = false; int number : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}) {
    if (lived) break;
    SCOPED_TRACE("dies at call " + std::to_string(number));
    const int charged_before = generator_.orders_charged();
    const MicroUsd spent_before = ledger();
    const Job job = create("artwork", kArtwork);
    lived = run_mortal(number);
    take_over();
    const Job ended = find(job);
    const int charged = generator_.orders_charged() - charged_before;
    const MicroUsd spent = ledger() - spent_before;
    const bool unknown = ended.state == JobState::failed && ended.failure->code == "submit_unknown";
    EXPECT_TRUE(unknown || ended.state == JobState::completed);
    EXPECT_LE(charged, 1);
    EXPECT_EQ(spent, MicroUsd{40'000});
    EXPECT_TRUE(unknown || charged == 1);
  }
}

TEST_P(CrashWhileOrdering, IsSeenToPayTwiceByTheseTestsIfTheJournalIsForgotten) {
  journals_ = MortalJobStore::Journals::forgotten;
  int number = 0;
  for (bool lived = false; !lived; ++number) {
    create("artwork", kArtwork);
    lived = run_mortal(number);
    take_over();
  }
  EXPECT_GT(generator_.orders_charged(), number);
}

class CrashWhileMakingMockups : public Crash {};
INSTANTIATE_TEST_SUITE_P(AtEveryCall, CrashWhileMakingMockups, ::testing::Values(Moment::before, Moment::after));

TEST_P(CrashWhileMakingMockups, EndsWithEveryMockupOnceAndNoneLeftOver) {
  int number = 0;
  for (bool lived = false; !lived; ++number) {
    SCOPED_TRACE("dies at call " + std::to_string(number));
    const Job job = create("listing", kListing);
    lived = run_mortal(number);
    take_over();
    EXPECT_EQ(find(job).state, JobState::completed);
    EXPECT_EQ(keys_under("mockups/" + job.id + "/").size(), 2U);
    expect_no_loser_object(job);
  }
  EXPECT_GT(number, 10);
}

TEST_P(CrashWhileMakingMockups, PaysOnceForAMockupWhosePictureIsOrdered) {
  parts_.find_order = book_.look_up();
  int number = 0;
  for (bool lived = false; !lived; ++number) {
    SCOPED_TRACE("dies at call " + std::to_string(number));
    const Job job = create("listing", R"({"artwork":{"order":{"prompt":"picture )" + std::to_string(number) + R"("}}})");
    lived = run_mortal(number);
    take_over();
    EXPECT_EQ(find(job).state, JobState::completed);
    EXPECT_EQ(generator_.orders_charged(), number + 1);
    EXPECT_EQ(ledger(), generator_.charged());
    expect_no_loser_object(job);
  }
  EXPECT_GT(number, 18);
}

}  // namespace
}  // namespace vitrine
