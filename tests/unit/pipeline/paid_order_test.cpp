#include "support/pipeline_world.h"
#include "vitrine/generate/procedural.h"
#include "vitrine/generate/submit_unknown.h"

namespace vitrine {
namespace {

class PaidOrder : public PipelineWorld {
 protected:
  void script(std::vector<MockOrder> orders) {
    scripted_ = std::make_shared<MockGenerator>(std::move(orders), MicroUsd{40'000}, clock_);
    parts_.generator = scripted_;
  }
  std::shared_ptr<MockGenerator> scripted_;
};

TEST_F(PaidOrder, IsStoredAndItsCostSettled) {
  const Job job = create("artwork", kArtwork);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  const MadeArtwork made = made_artwork_of(find(job).result);
  EXPECT_TRUE(objects_->head(made.object.key, context_));
  const auto costs = jobs_->costs({}, std::nullopt, 10, context_);
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_EQ(costs[0].id, made.task);
  EXPECT_EQ(costs[0].job_id, job.id);
  EXPECT_TRUE(costs[0].settled);
}

TEST_F(PaidOrder, IsJournalledBeforeItIsFirstPolled) {
  class Watching final : public ImageGenerator {
   public:
    Watching(MockGenerator& inner, JobStore& jobs) : inner_(inner), jobs_(jobs) {}
    MicroUsd estimate(const GenerationRequest& request) const override { return inner_.estimate(request); }
    GenerationTask submit(const GenerationRequest& request, Context& c) override {
      at_submit = journal(c);
      return inner_.submit(request, c);
    }
    GenerationStatus poll(const GenerationTask& task, Context& c) override {
      if (at_poll.empty()) at_poll = journal(c);
      return inner_.poll(task, c);
    }
    GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& c) override {
      return inner_.fetch(task, status, c);
    }
    std::string at_submit, at_poll;

   private:
    std::string journal(Context& c) { return jobs_.list({}, std::nullopt, 1, c).jobs.at(0).journal; }
    MockGenerator& inner_;
    JobStore& jobs_;
  };
  const auto watching = std::make_shared<Watching>(generator_, *jobs_);
  parts_.generator = watching;
  create("artwork", kArtwork);
  run_next();
  EXPECT_NE(watching->at_submit.find("intended"), std::string::npos);
  EXPECT_NE(watching->at_poll.find("mock-1"), std::string::npos);
}

TEST_F(PaidOrder, ThatMayHaveArrivedIsNeverSentAgain) {
  MockOrder lost_answer;
  lost_answer.submit_unknown = true;
  script({lost_answer});
  const Job job = create("artwork", kArtwork);
  EXPECT_EQ(run_next().failure.code, "submit_unknown");
  EXPECT_EQ(find(job).state, JobState::failed);
  jobs_->retry(job.id, context_);
  EXPECT_EQ(run_next().failure.code, "submit_unknown");
  EXPECT_EQ(scripted_->orders_charged(), 1);
  EXPECT_EQ(ledger(), scripted_->charged());
}

TEST_F(PaidOrder, ThatMayHaveArrivedIsTakenUpWhenTheServiceKnowsIt) {
  MockOrder lost_answer;
  lost_answer.submit_unknown = true;
  script({lost_answer});
  const Job job = create("artwork", kArtwork);
  run_next();
  parts_.find_order = [](const OrderIntent& intent, Context&) {
    GenerationTask task;
    task.id = "mock-1";
    task.generator = "mock";
    task.estimated_cost = MicroUsd{40'000};
    task.request = intent.request;
    return task;
  };
  jobs_->retry(job.id, context_);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(scripted_->orders_charged(), 1);
  EXPECT_EQ(ledger(), scripted_->charged());
}

TEST_F(PaidOrder, ThatNeverArrivedIsSentAgainWhenTheServiceSaysSo) {
  MockOrder lost_answer;
  lost_answer.submit_unknown = true;
  script({lost_answer});
  const Job job = create("artwork", kArtwork);
  run_next();
  parts_.generator = borrowed<ImageGenerator>(generator_);
  parts_.find_order = [](const OrderIntent&, Context&) { return std::optional<GenerationTask>(); };
  clock_->advance(options_.order_grace);
  jobs_->retry(job.id, context_);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(generator_.orders_charged(), 1);
  EXPECT_EQ(ledger(), generator_.charged());
}

TEST_F(PaidOrder, ThatTheServiceDoesNotKnowYetIsNotSentAgainAtOnce) {
  MockOrder lost_answer;
  lost_answer.submit_unknown = true;
  script({lost_answer});
  const Job job = create("artwork", kArtwork);
  run_next();
  parts_.find_order = [](const OrderIntent&, Context&) { return std::optional<GenerationTask>(); };
  clock_->advance(options_.order_grace - std::chrono::seconds(1));
  jobs_->retry(job.id, context_);
  const auto report = run_next();
  EXPECT_EQ(report.failure.code, "unavailable");
  EXPECT_EQ(report.failure.retry_after, std::chrono::seconds(1));
  EXPECT_EQ(scripted_->orders_charged(), 1);
}

TEST_F(PaidOrder, ThatIsRefusedMayBeSentByTheNextAttempt) {
  MockOrder busy;
  busy.submit_error = ErrorCode::rate_limited;
  script({busy});
  const Job job = create("artwork", kArtwork);
  EXPECT_EQ(run_next().failure.code, "rate_limited");
  EXPECT_EQ(find(job).state, JobState::pending);
  EXPECT_EQ(ledger(), MicroUsd{0});
  clock_->advance(std::chrono::minutes(6));
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(scripted_->orders_charged(), 1);
}

TEST_F(PaidOrder, ThatIsModeratedFailsWithTheReasonAndIsNotRepeated) {
  MockOrder moderated;
  moderated.ends = GenerationState::moderated;
  moderated.detail = "Derivative works.";
  script({moderated});
  const Job job = create("artwork", kArtwork);
  run_next();
  const Job ended = find(job);
  EXPECT_EQ(ended.state, JobState::failed);
  EXPECT_EQ(ended.failure->code, "moderated");
  EXPECT_NE(ended.failure->message.find("Derivative works."), std::string::npos);
  EXPECT_EQ(scripted_->orders_charged(), 1);
}

TEST_F(PaidOrder, ThatFailsAtTheServiceIsNotBoughtAgainEvenOnRetry) {
  MockOrder failing;
  failing.ends = GenerationState::failed;
  script({failing});
  const Job job = create("artwork", kArtwork);
  run_next();
  EXPECT_EQ(find(job).state, JobState::failed);
  jobs_->retry(job.id, context_);
  run_next();
  EXPECT_EQ(find(job).state, JobState::failed);
  EXPECT_EQ(scripted_->orders_charged(), 1);
}

TEST_F(PaidOrder, WithAnExpiredAddressIsFetchedAnew) {
  MockOrder expiring;
  expiring.expired_fetches = 2;
  script({expiring});
  create("artwork", kArtwork);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
}

TEST_F(PaidOrder, OverTheJobsBudgetIsRefusedBeforeAnythingIsSpent) {
  const Job job = create("artwork", R"({"prompt":"a fox","budget_micro_usd":39999})");
  run_next();
  EXPECT_EQ(find(job).failure->code, "quota_exhausted");
  EXPECT_EQ(find(job).state, JobState::failed);
  EXPECT_EQ(generator_.orders_charged(), 0);
}

TEST_F(PaidOrder, AtTheJobsBudgetIsPlaced) {
  create("artwork", R"({"prompt":"a fox","budget_micro_usd":40000})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
}

TEST_F(PaidOrder, OverTheDaysBudgetIsRefusedUntilTheNextDay) {
  options_.spending.per_day = MicroUsd{79'999};
  create("artwork", kArtwork);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  const Job second = create("artwork", kArtwork);
  EXPECT_EQ(run_next().failure.code, "quota_exhausted");
  clock_->advance(std::chrono::hours(24));
  jobs_->retry(second.id, context_);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
}

TEST_F(PaidOrder, IsRefusedForABadRequestBeforeItIsSent) {
  const Job job = create("artwork", R"({"prompt":"a fox","size":[0,5]})");
  run_next();
  EXPECT_EQ(find(job).failure->code, "invalid_request");
  EXPECT_EQ(generator_.orders_charged(), 0);
}

TEST_F(PaidOrder, WithADamagedJournalIsNotTakenForNone) {
  create("artwork", kArtwork);
  const Job held = jobs_->claim("worker", std::chrono::minutes(1), context_).value();
  jobs_->save_journal(held, R"({"order":{"stage":"paid?"}})", context_);
  jobs_->release(held, context_);
  EXPECT_EQ(run_next().failure.code, "corrupt_data");
  EXPECT_EQ(generator_.orders_charged(), 0);
}

TEST_F(PaidOrder, KeepsWhatElseIsInTheJournal) {
  const Job job = create("artwork", kArtwork);
  const Job held = jobs_->claim("worker", std::chrono::minutes(1), context_).value();
  jobs_->save_journal(held, R"({"note":"of the host"})", context_);
  jobs_->release(held, context_);
  run_next();
  EXPECT_NE(find(job).journal.find("of the host"), std::string::npos);
}

TEST_F(PaidOrder, ThatCostsNothingIsSimplyMadeAgain) {
  parts_.generator = make_procedural_generator(clock_);
  const Job job = create("artwork", R"({"prompt":"a fox","size":[64,64]})");
  const Job held = jobs_->claim("worker", std::chrono::minutes(1), context_).value();
  jobs_->save_journal(held, R"({"order":{"stage":"intended","reference":"x","at":0}})", context_);
  jobs_->release(held, context_);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(made_artwork_of(find(job).result).size, (Size{64, 64}));
}

TEST_F(PaidOrder, CancelledWhileItIsMadeIsCollectedOnRetry) {
  MockOrder slow;
  slow.pending_polls = 1'000'000'000;
  script({slow});
  const Job job = create("artwork", kArtwork);
  const Job held = jobs_->claim("worker", std::chrono::minutes(10), context_).value();
  jobs_->cancel(job.id, context_);
  Pipeline pipeline(parts_, options_);
  AttemptOptions quick;
  quick.lease = std::chrono::milliseconds(30);
  const auto report = run_attempt(
      *jobs_, held, [&](JobAttempt& attempt, Context& context) { return pipeline.run(attempt, context); }, quick,
      context_);
  EXPECT_EQ(report.end, AttemptEnd::cancelled);
  EXPECT_EQ(find(job).state, JobState::cancelled);
  EXPECT_LE(scripted_->orders_charged(), 1);
  EXPECT_EQ(ledger(), scripted_->charged());
}

TEST_F(PaidOrder, NeedsAGenerator) {
  parts_.generator = nullptr;
  const Job job = create("artwork", kArtwork);
  run_next();
  EXPECT_EQ(find(job).failure->code, "model_unavailable");
}

TEST_F(PaidOrder, OfALostLeaseIsInTheLedgerAndNotPublished) {
  // A zombie: its lease is gone between writing the intent and the answer of the service.
  class Thief final : public ImageGenerator {
   public:
    Thief(MockGenerator& inner, JobStore& jobs, FakeClock& clock) : inner_(inner), jobs_(jobs), clock_(clock) {}
    MicroUsd estimate(const GenerationRequest& request) const override { return inner_.estimate(request); }
    GenerationTask submit(const GenerationRequest& request, Context& c) override {
      clock_.advance(std::chrono::minutes(11));
      jobs_.sweep({}, c);
      return inner_.submit(request, c);
    }
    GenerationStatus poll(const GenerationTask& task, Context& c) override { return inner_.poll(task, c); }
    GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& c) override {
      return inner_.fetch(task, status, c);
    }

   private:
    MockGenerator& inner_;
    JobStore& jobs_;
    FakeClock& clock_;
  };
  parts_.generator = std::make_shared<Thief>(generator_, *jobs_, *clock_);
  const Job job = create("artwork", kArtwork);
  EXPECT_EQ(run_next().end, AttemptEnd::lost);
  EXPECT_EQ(find(job).state, JobState::pending);
  EXPECT_EQ(ledger(), generator_.charged());
  EXPECT_TRUE(keys_under("artworks/").empty());
}

}  // namespace
}  // namespace vitrine
