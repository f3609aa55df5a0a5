#include "vitrine/pipeline/job_attempt.h"

#include "support/pipeline_world.h"

namespace vitrine {
namespace {

class RunAttempt : public PipelineWorld {
 protected:
  Job claim_new(int max_attempts = 3) {
    create("custom", "{}", max_attempts);
    return jobs_->claim("worker", std::chrono::minutes(10), context_).value();
  }
  AttemptReport run(const Job& held, const JobHandler& handler) {
    AttemptOptions quick;
    quick.lease = std::chrono::milliseconds(30);
    return run_attempt(*jobs_, held, handler, quick, context_);
  }
  static void wait_for_cancel(Context& context) {
    while (true) context.wait_for(std::chrono::milliseconds(5));
  }
};

TEST_F(RunAttempt, CompletesWithTheResult) {
  const Job held = claim_new();
  EXPECT_EQ(run(held, [](JobAttempt&, Context&) { return R"({"a":1})"; }).end, AttemptEnd::completed);
  EXPECT_EQ(find(held).state, JobState::completed);
  EXPECT_EQ(find(held).result, R"({"a":1})");
}

TEST_F(RunAttempt, KeepsTheCodeAndTheSentenceOfATrouble) {
  const Job held = claim_new();
  run(held, [](JobAttempt&, Context&) -> std::string { throw Error(ErrorCode::corrupt_data, "It is torn."); });
  EXPECT_EQ(find(held).failure->code, "corrupt_data");
  EXPECT_EQ(find(held).failure->message, "It is torn.");
  EXPECT_EQ(find(held).state, JobState::failed);
}

TEST_F(RunAttempt, PutsTheJobBackForATroubleThatMayPass) {
  const Job held = claim_new();
  run(held, [](JobAttempt&, Context&) -> std::string { throw Error(ErrorCode::unavailable, "It is away."); });
  EXPECT_EQ(find(held).state, JobState::pending);
}

TEST_F(RunAttempt, FailsForGoodForMisuse) {
  const Job held = claim_new();
  run(held, [](JobAttempt&, Context&) -> std::string { throw std::invalid_argument("It is odd."); });
  EXPECT_EQ(find(held).failure->code, "invalid_request");
  EXPECT_EQ(find(held).state, JobState::failed);
}

TEST_F(RunAttempt, FailsIfTheResultIsNoJson) {
  const Job held = claim_new();
  EXPECT_EQ(run(held, [](JobAttempt&, Context&) { return "done"; }).end, AttemptEnd::failed);
  EXPECT_EQ(find(held).state, JobState::failed);
}

TEST_F(RunAttempt, RenewsTheLeaseAndCarriesTheProgress) {
  const Job held = claim_new();
  run(held, [&](JobAttempt&, Context& context) {
    context.report(0.5);
    while (find(held).progress < 0.5) context.wait_for(std::chrono::milliseconds(2));
    return "{}";
  });
  EXPECT_EQ(find(held).state, JobState::completed);
}

TEST_F(RunAttempt, StopsWhenACancelIsAskedFor) {
  const Job held = claim_new();
  const auto report = run(held, [&](JobAttempt&, Context& context) -> std::string {
    jobs_->cancel(held.id, context_);
    wait_for_cancel(context);
    return "{}";
  });
  EXPECT_EQ(report.end, AttemptEnd::cancelled);
  EXPECT_EQ(find(held).state, JobState::cancelled);
  EXPECT_FALSE(context_.cancelled());
}

TEST_F(RunAttempt, StopsWhenTheLeaseIsLost) {
  const Job held = claim_new();
  const auto report = run(held, [&](JobAttempt&, Context& context) -> std::string {
    clock_->advance(std::chrono::minutes(11));
    jobs_->sweep({}, context_);
    jobs_->claim("another", std::chrono::minutes(10), context_).value();
    wait_for_cancel(context);
    return "{}";
  });
  EXPECT_EQ(report.end, AttemptEnd::lost);
  EXPECT_EQ(find(held).lease->worker, "another");
}

TEST_F(RunAttempt, PublishesNothingWithAStaleLease) {
  const Job held = claim_new();
  clock_->advance(std::chrono::minutes(11));
  jobs_->sweep({}, context_);
  EXPECT_EQ(run(held, [](JobAttempt&, Context&) { return "{}"; }).end, AttemptEnd::lost);
  EXPECT_EQ(find(held).state, JobState::pending);
}

TEST_F(RunAttempt, GivesTheJobBackUnharmedWhenTheCallerStops) {
  const Job held = claim_new();
  Context stopping;
  const auto report = run_attempt(
      *jobs_, held,
      [&](JobAttempt&, Context& context) -> std::string {
        stopping.cancel();
        wait_for_cancel(context);
        return "{}";
      },
      {}, stopping);
  EXPECT_EQ(report.end, AttemptEnd::released);
  EXPECT_EQ(find(held).state, JobState::pending);
  EXPECT_EQ(find(held).attempt, 0);
}

TEST_F(RunAttempt, CompletesWhatIsDoneEvenIfACancelCameLate) {
  const Job held = claim_new();
  run(held, [&](JobAttempt&, Context&) {
    jobs_->cancel(held.id, context_);
    return "{}";
  });
  EXPECT_EQ(find(held).state, JobState::completed);
}

TEST_F(RunAttempt, RefusesAJobThatIsNotHeld) {
  const Job job = create("custom", "{}");
  EXPECT_THROW(run(job, [](JobAttempt&, Context&) { return "{}"; }), std::invalid_argument);
}

TEST_F(RunAttempt, GivesEachAttemptItsOwnKeysWithoutShowingTheToken) {
  const Job first = claim_new();
  const std::string part = JobAttempt(*jobs_, first).key_part();
  jobs_->release(first, context_);
  const Job second = jobs_->claim("worker", std::chrono::minutes(10), context_).value();
  EXPECT_EQ(second.attempt, first.attempt);
  EXPECT_NE(JobAttempt(*jobs_, second).key_part(), part);
  EXPECT_EQ(first.lease->token.find(part), std::string::npos);
}

}  // namespace
}  // namespace vitrine
