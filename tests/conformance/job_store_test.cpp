// The life of a job, in every JobStore. Lists, costs and export have files of their own.
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdlib>

#include "conformance/job_store_suite.h"
#include "support/firestore_fake.h"
#include "support/temporary_folder.h"
#include "vitrine/jobs/firestore_store.h"
#include "vitrine/jobs/memory_store.h"
#include "vitrine/jobs/sqlite_store.h"
#include "vitrine/net/curl_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

JobWorld memory_world(std::shared_ptr<Clock> clock) { return {nullptr, make_memory_job_store(std::move(clock))}; }

JobWorld firestore_fake_world(std::shared_ptr<Clock> clock) {
  FirestoreOptions options;
  options.project = "test";
  options.time = StoreTime::clock;
  auto fake = std::make_shared<FirestoreFake>();
  return {fake, make_firestore_job_store(options, fake, make_google_token_credentials("owner"), std::move(clock))};
}

const char* firestore_emulator() { return std::getenv("FIRESTORE_EMULATOR_HOST"); }

// A project springs into being when it is first named: one for each store is an empty one.
JobWorld firestore_emulator_world(std::shared_ptr<Clock> clock) {
  static const std::shared_ptr<HttpTransport> transport = make_curl_transport();
  static std::atomic<int> count = 0;
  FirestoreOptions options;
  options.project = "conformance-" + std::to_string(getpid()) + "-" + std::to_string(++count);
  options.time = StoreTime::clock;
  options.emulator_host = firestore_emulator();
  return {transport, make_firestore_job_store(options, transport, nullptr, std::move(clock))};
}

JobWorld sqlite_world(std::shared_ptr<Clock> clock) {
  auto folder = std::make_shared<TemporaryFolder>();
  SqliteOptions options;
  options.path = *folder / "jobs.db";
  return {folder, open_sqlite_job_store(options, std::move(clock))};
}

}  // namespace

std::vector<JobBackend> job_backends() {
  std::vector<JobBackend> backends{
      {"memory", memory_world},
      {"sqlite", sqlite_world},
      {"firestore_fake", firestore_fake_world, false},
  };
  // Set by support/with_firestore_emulator.py, which runs these tests beside Google's emulator.
  if (firestore_emulator() != nullptr) backends.push_back({"firestore_emulator", firestore_emulator_world, false, 3});
  return backends;
}

namespace {

INSTANTIATE_TEST_SUITE_P(Backends, JobStoreConformance, ::testing::ValuesIn(job_backends()),
                         [](const auto& backend) { return backend.param.name; });

// --- create ----------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, ANewJobIsPending) {
  const auto job = create();
  EXPECT_EQ(job.state, JobState::pending);
  EXPECT_EQ(job.attempt, 0);
  EXPECT_EQ(job.created_at, clock().now());
  EXPECT_FALSE(job.lease);
}

TEST_P(JobStoreConformance, FindsAJobAsItWasCreated) {
  NewJob wanted{"listing", R"({"art":"a.png"})", "key-1", 5, 7, clock().now() + 1h};
  const auto made = create(wanted);
  const auto found = find(made.id);
  EXPECT_EQ(found.kind, "listing");
  EXPECT_EQ(found.request, R"({"art":"a.png"})");
  EXPECT_EQ(found.client_key, "key-1");
  EXPECT_EQ(found.priority, 5);
  EXPECT_EQ(found.max_attempts, 7);
  EXPECT_EQ(found.not_before, clock().now() + 1h);
}

TEST_P(JobStoreConformance, KeepsTheRequestByteForByte) {
  auto wanted = job_of_kind("mockup");
  wanted.request = "{ \"b\" : 1.0,\n\"a\":\"\\u00e4\xc3\xa4\", \"unknown\":[{}] }";
  EXPECT_EQ(find(create(wanted).id).request, wanted.request);
}

TEST_P(JobStoreConformance, FindsNothingUnderAnUnknownId) {
  EXPECT_FALSE(store().find("nothing", context_));
  EXPECT_FALSE(store().find("", context_));
}

TEST_P(JobStoreConformance, GivesEachJobAnIdOfItsOwnThatSortsByAge) {
  const auto first = create();
  const auto second = create();
  clock().advance(1ms);
  const auto third = create();
  EXPECT_LT(first.id, second.id);
  EXPECT_LT(second.id, third.id);
}

TEST_P(JobStoreConformance, AClientKeyMakesOneJob) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  const auto first = create(wanted);
  const auto second = create(wanted);
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(store().count({}, context_), 1);
}

TEST_P(JobStoreConformance, AClientKeyDoesNotMindHowTheJsonIsWritten) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  wanted.request = R"({"a":1,"b":2})";
  const auto first = create(wanted);
  wanted.request = R"({ "b":2, "a":1 })";
  EXPECT_EQ(create(wanted).id, first.id);
}

TEST_P(JobStoreConformance, AClientKeyWithAnotherRequestIsAConflict) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  create(wanted);
  wanted.request = R"({"a":1})";
  EXPECT_EQ(code_of([&] { create(wanted); }), ErrorCode::conflict);
}

TEST_P(JobStoreConformance, AClientKeyWithAnotherKindIsAConflict) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  create(wanted);
  wanted.kind = "artwork";
  EXPECT_EQ(code_of([&] { create(wanted); }), ErrorCode::conflict);
}

TEST_P(JobStoreConformance, AClientKeyGivesTheJobEvenWhenItHasEnded) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  const auto held = create_and_claim(wanted);
  complete(held);
  EXPECT_EQ(create(wanted).state, JobState::completed);
}

TEST_P(JobStoreConformance, RacingCreatesWithOneClientKeyMakeOneJob) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  run_threads(8, [&](int) {
    Context context;
    store().create(wanted, context);
  });
  EXPECT_EQ(store().count({}, context_), 1);
}

class BadNewJob : public JobStoreConformance {
 protected:
  void expect_refused(const NewJob& job) {
    EXPECT_THROW(store().create(job, context_), std::invalid_argument);
    EXPECT_EQ(store().count({}, context_), 0);
  }
  NewJob job_ = job_of_kind("mockup");
};
INSTANTIATE_TEST_SUITE_P(Backends, BadNewJob, ::testing::ValuesIn(job_backends()),
                         [](const auto& backend) { return backend.param.name; });

TEST_P(BadNewJob, HasAKindWithOtherCharacters) { expect_refused(job_of_kind("Mock up")); }
TEST_P(BadNewJob, HasNoKind) { expect_refused(job_of_kind("")); }
TEST_P(BadNewJob, HasAKindThatIsTooLong) { expect_refused(job_of_kind(std::string(65, 'k'))); }
TEST_P(BadNewJob, HasARequestThatIsNoJson) {
  job_.request = "{";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasARequestThatIsNoObject) {
  job_.request = "[1]";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasARequestThatIsTooDeep) {
  job_.request = "{\"a\":" + std::string(64, '[') + std::string(64, ']') + "}";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasARequestThatIsTooLong) {
  job_.request = "{\"a\":\"" + std::string(256u << 10u, 'x') + "\"}";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasARequestThatIsNoUtf8) {
  job_.request = "{\"a\":\"\xff\"}";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasAClientKeyThatIsTooLong) {
  job_.client_key = std::string(513, 'k');
  expect_refused(job_);
}
TEST_P(BadNewJob, HasAClientKeyThatIsNoUtf8) {
  job_.client_key = "\xc3(";
  expect_refused(job_);
}
TEST_P(BadNewJob, HasNoAttempt) {
  job_.max_attempts = 0;
  expect_refused(job_);
}
TEST_P(BadNewJob, HasTooManyAttempts) {
  job_.max_attempts = 101;
  expect_refused(job_);
}
TEST_P(BadNewJob, IsDueBeforeTheClockBegan) {
  job_.not_before = Timestamp(-1us);
  expect_refused(job_);
}

TEST_P(JobStoreConformance, TakesARequestThatIsAsDeepAndAsLongAsAllowed) {
  auto wanted = job_of_kind("mockup");
  wanted.request = "{\"a\":" + std::string(63, '[') + std::string(63, ']') + "}";
  EXPECT_NO_THROW(create(wanted));
  wanted.request = "{\"a\":\"" + std::string((256u << 10u) - 8, 'x') + "\"}";
  EXPECT_EQ(find(create(wanted).id).request, wanted.request);
}

// --- claim -----------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, AClaimGivesALeaseAndCountsTheAttempt) {
  const auto made = create();
  const auto held = claim("worker-a");
  EXPECT_EQ(held.id, made.id);
  EXPECT_EQ(held.state, JobState::processing);
  EXPECT_EQ(held.attempt, 1);
  EXPECT_EQ(held.started_at, clock().now());
  EXPECT_EQ(held.lease->worker, "worker-a");
  EXPECT_EQ(held.lease->expires_at, clock().now() + kLease);
  EXPECT_GE(held.lease->token.size(), 16u);
}

TEST_P(JobStoreConformance, OnlyTheClaimShowsTheToken) {
  const auto held = create_and_claim();
  const auto found = find(held.id);
  EXPECT_EQ(found.lease->worker, "worker-a");
  EXPECT_EQ(found.lease->token, "");
  EXPECT_EQ(store().list({}, {}, 1, context_).jobs.at(0).lease->token, "");
  EXPECT_EQ(store().cancel(held.id, context_).lease->token, "");
}

TEST_P(JobStoreConformance, AClaimedJobIsNotClaimedAgain) {
  create_and_claim();
  EXPECT_TRUE(nothing_to_claim());
}

TEST_P(JobStoreConformance, EachClaimHasATokenOfItsOwn) {
  create();
  create();
  EXPECT_NE(claim().lease->token, claim().lease->token);
}

TEST_P(JobStoreConformance, AnEmptyStoreHasNothingToClaim) { EXPECT_TRUE(nothing_to_claim()); }

TEST_P(JobStoreConformance, ClaimsTheHighestPriorityFirst) {
  create();
  auto wanted = job_of_kind("mockup");
  wanted.priority = 1;
  const auto urgent = create(wanted);
  wanted.priority = -2'147'483'647 - 1;
  const auto idle = create(wanted);
  EXPECT_EQ(claim().id, urgent.id);
  EXPECT_NE(claim().id, idle.id);
  EXPECT_EQ(claim().id, idle.id);
}

TEST_P(JobStoreConformance, ABatchHasAsManyJobsAsAskedForAndThereAre) {
  for (int i = 0; i < 5; ++i) create();
  EXPECT_EQ(store().claim_batch("worker-a", 3, {}, kLease, context_).size(), 3u);
  EXPECT_EQ(store().claim_batch("worker-a", 3, {}, kLease, context_).size(), 2u);
}

TEST_P(JobStoreConformance, ClaimsOnlyTheKindsAskedFor) {
  create(job_of_kind("artwork"));
  const auto mockup = create(job_of_kind("mockup"));
  const auto claims = store().claim_batch("worker-a", 10, {"mockup", "listing"}, kLease, context_);
  ASSERT_EQ(claims.size(), 1u);
  EXPECT_EQ(claims[0].id, mockup.id);
}

TEST_P(JobStoreConformance, AJobIsNotClaimedBeforeItIsDue) {
  auto wanted = job_of_kind("mockup");
  wanted.not_before = clock().now() + 10s;
  create(wanted);
  clock().advance(10s - 1us);
  EXPECT_TRUE(nothing_to_claim());
  clock().advance(1us);
  EXPECT_FALSE(nothing_to_claim());
}

TEST_P(JobStoreConformance, AJobThatIsNotDueHoldsUpNoOther) {
  auto wanted = job_of_kind("mockup");
  wanted.priority = 9;
  wanted.not_before = clock().now() + 1h;
  create(wanted);
  const auto due = create();
  EXPECT_EQ(claim().id, due.id);
}

TEST_P(JobStoreConformance, RefusesAClaimOutOfRange) {
  const auto refuses = [&](std::string_view worker, int most, std::chrono::milliseconds lease) {
    EXPECT_THROW(store().claim_batch(worker, most, {}, lease, context_), std::invalid_argument);
  };
  refuses("", 1, kLease);
  refuses("worker\xff", 1, kLease);
  refuses("worker-a", 0, kLease);
  refuses("worker-a", 1001, kLease);
  refuses("worker-a", 1, 0ms);
  refuses("worker-a", 1, 24h + 1ms);
  refuses("worker-a", 1, std::chrono::milliseconds::max());
}

// --- heartbeat and journal -------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, AHeartbeatProlongsTheLeaseFromNow) {
  const auto held = create_and_claim();
  clock().advance(20s);
  const auto pulse = store().heartbeat(held, 0.5, kLease, context_);
  EXPECT_EQ(pulse.lease_expires_at, clock().now() + kLease);
  EXPECT_FALSE(pulse.cancel_requested);
  EXPECT_EQ(find(held.id).lease->expires_at, pulse.lease_expires_at);
  EXPECT_EQ(find(held.id).progress, 0.5);
}

TEST_P(JobStoreConformance, AHeartbeatTellsOfACancel) {
  const auto held = create_and_claim();
  store().cancel(held.id, context_);
  EXPECT_TRUE(store().heartbeat(held, 0, kLease, context_).cancel_requested);
}

TEST_P(JobStoreConformance, RefusesProgressOutOfRange) {
  const auto held = create_and_claim();
  EXPECT_THROW(store().heartbeat(held, -0.01, kLease, context_), std::invalid_argument);
  EXPECT_THROW(store().heartbeat(held, 1.01, kLease, context_), std::invalid_argument);
  EXPECT_THROW(store().heartbeat(held, std::nan(""), kLease, context_), std::invalid_argument);
}

TEST_P(JobStoreConformance, ALeaseThatRanOutIsTheHoldersUntilItIsSwept) {
  const auto held = create_and_claim();
  clock().advance(1h);
  store().heartbeat(held, 0.1, kLease, context_);
  EXPECT_EQ(sweep().requeued, 0);
}

TEST_P(JobStoreConformance, TheJournalGoesOnToTheNextAttempt) {
  const auto first = create_and_claim();
  store().save_journal(first, R"({"task":"t1"})", context_);
  store().fail(first, worth_repeating(), context_);
  clock().advance(1h);
  EXPECT_EQ(claim().journal, R"({"task":"t1"})");
}

TEST_P(JobStoreConformance, RefusesAJournalThatIsNoObject) {
  const auto held = create_and_claim();
  EXPECT_THROW(store().save_journal(held, "17", context_), std::invalid_argument);
  EXPECT_EQ(find(held.id).journal, "{}");
}

// --- complete --------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, ACompletedJobHasItsResult) {
  const auto held = create_and_claim();
  clock().advance(5s);
  complete(held, R"({"key":"m.png"})");
  const auto done = find(held.id);
  EXPECT_EQ(done.state, JobState::completed);
  EXPECT_EQ(done.result, R"({"key":"m.png"})");
  EXPECT_EQ(done.progress, 1);
  EXPECT_EQ(done.finished_at, clock().now());
  EXPECT_FALSE(done.lease);
}

TEST_P(JobStoreConformance, CompletingAgainWithTheSameResultIsNoError) {
  const auto held = create_and_claim();
  complete(held, R"({"a":1})");
  const auto finished = find(held.id).finished_at;
  clock().advance(5s);
  EXPECT_NO_THROW(complete(held, R"({"a":1})"));
  EXPECT_EQ(find(held.id).finished_at, finished);
}

TEST_P(JobStoreConformance, CompletingAgainWithAnotherResultChangesNothing) {
  const auto held = create_and_claim();
  complete(held, R"({"a":1})");
  EXPECT_EQ(code_of([&] { complete(held, R"({"a":2})"); }), ErrorCode::lease_lost);
  EXPECT_EQ(find(held.id).result, R"({"a":1})");
}

TEST_P(JobStoreConformance, RefusesAResultThatIsNoObject) {
  const auto held = create_and_claim();
  EXPECT_THROW(complete(held, ""), std::invalid_argument);
  EXPECT_EQ(state_of(held), JobState::processing);
}

TEST_P(JobStoreConformance, WhatIsDoneIsDoneEvenIfACancelWasAskedFor) {
  const auto held = create_and_claim();
  store().cancel(held.id, context_);
  complete(held);
  EXPECT_EQ(state_of(held), JobState::completed);
}

TEST_P(JobStoreConformance, ABatchIsCompletedWithAResultEach) {
  create();
  create();
  const auto held = store().claim_batch("worker-a", 2, {}, kLease, context_);
  EXPECT_TRUE(store().complete_batch({{held[0], R"({"n":0})"}, {held[1], R"({"n":1})"}}, context_).empty());
  EXPECT_EQ(find(held[0].id).result, R"({"n":0})");
  EXPECT_EQ(find(held[1].id).result, R"({"n":1})");
  EXPECT_EQ(find(held[1].id).finished_at, clock().now());
}

TEST_P(JobStoreConformance, ALostLeaseHoldsUpNoOtherOfItsBatch) {
  create();
  create();
  auto held = store().claim_batch("worker-a", 2, {}, kLease, context_);
  held[0].lease->token = std::string(32, '0');
  EXPECT_EQ(store().complete_batch({{held[0], "{}"}, {held[1], "{}"}}, context_), std::vector<std::string>{held[0].id});
  EXPECT_EQ(state_of(held[0]), JobState::processing);
  EXPECT_EQ(state_of(held[1]), JobState::completed);
}

TEST_P(JobStoreConformance, CompletingABatchAgainIsNoError) {
  const auto held = create_and_claim();
  store().complete_batch({{held, R"({"a":1})"}}, context_);
  EXPECT_TRUE(store().complete_batch({{held, R"({"a":1})"}}, context_).empty());
  EXPECT_EQ(store().complete_batch({{held, R"({"a":2})"}}, context_), std::vector<std::string>{held.id});
}

TEST_P(JobStoreConformance, ABatchWithABadResultChangesNothing) {
  create();
  create();
  const auto held = store().claim_batch("worker-a", 2, {}, kLease, context_);
  EXPECT_THROW(store().complete_batch({{held[0], "{}"}, {held[1], "[]"}}, context_), std::invalid_argument);
  EXPECT_THROW(store().complete_batch({{held[0], "{}"}, {find(held[1].id), "{}"}}, context_), std::invalid_argument);
  EXPECT_THROW(store().complete_batch(std::vector<Completion>(1001, {held[0], "{}"}), context_), std::invalid_argument);
  EXPECT_EQ(state_of(held[0]), JobState::processing);
}

TEST_P(JobStoreConformance, AnEmptyBatchIsNoError) { EXPECT_TRUE(store().complete_batch({}, context_).empty()); }

// --- fail ------------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, AFailureWorthRepeatingWaitsAndComesAgain) {
  const auto held = create_and_claim();
  fail(held, worth_repeating());
  const auto waiting = find(held.id);
  EXPECT_EQ(waiting.state, JobState::pending);
  EXPECT_EQ(waiting.failure->code, "unavailable");
  EXPECT_EQ(waiting.not_before, clock().now() + 2s);
  EXPECT_TRUE(nothing_to_claim());
  clock().advance(2s);
  EXPECT_EQ(claim().attempt, 2);
}

TEST_P(JobStoreConformance, TheWaitDoublesUpToFiveMinutes) {
  auto wanted = job_of_kind("mockup");
  wanted.max_attempts = 20;
  const auto id = create(wanted).id;
  for (const auto wait : {2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s}) {
    fail(claim(), worth_repeating());
    EXPECT_EQ(find(id).not_before - clock().now(), wait);
    clock().advance(wait);
  }
}

TEST_P(JobStoreConformance, AFailureMaySayWhenToComeBack) {
  const auto held = create_and_claim();
  auto failure = worth_repeating();
  failure.retry_after = 17s;
  fail(held, failure);
  EXPECT_EQ(find(held.id).not_before, clock().now() + 17s);
}

TEST_P(JobStoreConformance, NoWaitIsLongerThanADay) {
  const auto held = create_and_claim();
  auto failure = worth_repeating();
  failure.retry_after = std::chrono::milliseconds::max();
  fail(held, failure);
  EXPECT_EQ(find(held.id).not_before, clock().now() + 24h);
}

TEST_P(JobStoreConformance, TheLastAttemptFailsForGood) {
  auto wanted = job_of_kind("mockup");
  wanted.max_attempts = 1;
  const auto held = create_and_claim(wanted);
  fail(held, worth_repeating());
  EXPECT_EQ(state_of(held), JobState::failed);
  EXPECT_EQ(find(held.id).finished_at, clock().now());
}

TEST_P(JobStoreConformance, AFailureNotWorthRepeatingIsFinal) {
  const auto held = create_and_claim();
  fail(held, final_failure());
  EXPECT_EQ(state_of(held), JobState::failed);
  EXPECT_EQ(find(held.id).failure->message, "The file is no image. Use another.");
}

TEST_P(JobStoreConformance, AFailureAfterACancelIsACancel) {
  const auto held = create_and_claim();
  store().cancel(held.id, context_);
  fail(held, worth_repeating());
  EXPECT_EQ(state_of(held), JobState::cancelled);
}

TEST_P(JobStoreConformance, AFailureWithHostileTextIsStillKept) {
  const auto held = create_and_claim();
  fail(held, {std::string(1000, 'c'), "\xff" + std::string(100'000, 'm'), false, {}});
  const auto failure = find(held.id).failure;
  EXPECT_EQ(failure->code, std::string(64, 'c'));
  EXPECT_EQ(failure->message, "?" + std::string(4095, 'm'));
}

TEST_P(JobStoreConformance, SuccessClearsTheFailureOfAnEarlierAttempt) {
  fail(create_and_claim(), worth_repeating());
  clock().advance(1h);
  const auto second = claim();
  complete(second);
  EXPECT_FALSE(find(second.id).failure);
}

// --- release ---------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, AReleasedJobIsPendingAtOnceAndTheAttemptDoesNotCount) {
  auto wanted = job_of_kind("mockup");
  wanted.max_attempts = 1;
  const auto held = create_and_claim(wanted);
  store().release(held, context_);
  EXPECT_EQ(state_of(held), JobState::pending);
  EXPECT_EQ(claim().attempt, 1);
}

TEST_P(JobStoreConformance, AReleasedJobIsCancelledIfThatWasAskedFor) {
  const auto held = create_and_claim();
  store().cancel(held.id, context_);
  store().release(held, context_);
  EXPECT_EQ(state_of(held), JobState::cancelled);
}

// --- cancel and retry ------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, APendingJobIsCancelledAtOnce) {
  const auto made = create();
  const auto job = store().cancel(made.id, context_);
  EXPECT_EQ(job.state, JobState::cancelled);
  EXPECT_EQ(job.finished_at, clock().now());
  EXPECT_TRUE(nothing_to_claim());
}

TEST_P(JobStoreConformance, AJobThatWaitsToBeRepeatedIsCancelledAtOnce) {
  const auto held = create_and_claim();
  fail(held, worth_repeating());
  EXPECT_EQ(store().cancel(held.id, context_).state, JobState::cancelled);
}

TEST_P(JobStoreConformance, AJobAtWorkIsAskedToStop) {
  const auto held = create_and_claim();
  const auto job = store().cancel(held.id, context_);
  EXPECT_EQ(job.state, JobState::processing);
  EXPECT_TRUE(job.cancel_requested);
}

TEST_P(JobStoreConformance, CancellingAnEndedJobChangesNothing) {
  const auto held = create_and_claim();
  complete(held);
  const auto job = store().cancel(held.id, context_);
  EXPECT_EQ(job.state, JobState::completed);
  EXPECT_FALSE(job.cancel_requested);
}

TEST_P(JobStoreConformance, CancellingAnUnknownJobIsAnError) {
  EXPECT_EQ(code_of([&] { store().cancel("nothing", context_); }), ErrorCode::not_found);
}

TEST_P(JobStoreConformance, ARetriedJobStartsAfreshWithItsJournal) {
  const auto held = create_and_claim();
  store().save_journal(held, R"({"task":"paid"})", context_);
  fail(held, final_failure());
  clock().advance(1h);
  const auto job = store().retry(held.id, context_);
  EXPECT_EQ(job.state, JobState::pending);
  EXPECT_EQ(job.attempt, 0);
  EXPECT_EQ(job.journal, R"({"task":"paid"})");
  EXPECT_FALSE(job.failure);
  EXPECT_FALSE(job.finished_at);
  EXPECT_EQ(claim().id, held.id);
}

TEST_P(JobStoreConformance, ACancelledJobCanBeRetried) {
  const auto made = create();
  store().cancel(made.id, context_);
  store().retry(made.id, context_);
  EXPECT_FALSE(claim().cancel_requested);
}

TEST_P(JobStoreConformance, OnlyAFailedOrCancelledJobCanBeRetried) {
  const auto made = create();
  EXPECT_EQ(code_of([&] { store().retry(made.id, context_); }), ErrorCode::conflict);
  const auto held = claim();
  EXPECT_EQ(code_of([&] { store().retry(made.id, context_); }), ErrorCode::conflict);
  complete(held);
  EXPECT_EQ(code_of([&] { store().retry(made.id, context_); }), ErrorCode::conflict);
  EXPECT_EQ(code_of([&] { store().retry("nothing", context_); }), ErrorCode::not_found);
}

// --- sweep -----------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, SweepTakesBackAJobWhoseLeaseRanOut) {
  const auto held = create_and_claim();
  clock().advance(kLease);
  EXPECT_EQ(sweep().requeued, 1);
  const auto job = find(held.id);
  EXPECT_EQ(job.state, JobState::pending);
  EXPECT_EQ(job.failure->code, "lease_lost");
  EXPECT_EQ(claim("worker-b").attempt, 2);
}

TEST_P(JobStoreConformance, SweepLeavesAFreshLeaseAlone) {
  const auto held = create_and_claim();
  clock().advance(kLease - 1us);
  EXPECT_EQ(sweep().requeued, 0);
  EXPECT_NO_THROW(complete(held));
}

TEST_P(JobStoreConformance, SweepFailsAJobThatHasNoAttemptLeft) {
  auto wanted = job_of_kind("mockup");
  wanted.max_attempts = 1;
  const auto held = create_and_claim(wanted);
  clock().advance(kLease);
  EXPECT_EQ(sweep().failed, 1);
  EXPECT_EQ(state_of(held), JobState::failed);
  EXPECT_EQ(find(held.id).failure->code, "lease_lost");
  EXPECT_NE(find(held.id).failure->message.find("worker-a"), std::string::npos);
}

TEST_P(JobStoreConformance, SweepCancelsAJobWhoseHolderNeverHeardOfTheCancel) {
  const auto held = create_and_claim();
  store().cancel(held.id, context_);
  clock().advance(kLease);
  EXPECT_EQ(sweep().cancelled, 1);
  EXPECT_EQ(state_of(held), JobState::cancelled);
}

TEST_P(JobStoreConformance, SweepTakesBackAJobThatTakesTooLongThoughItsHolderLives) {
  const auto held = create_and_claim();
  clock().advance(10min);
  store().heartbeat(held, 0.1, kLease, context_);
  EXPECT_EQ(sweep({10min}).requeued, 0);
  clock().advance(1us);
  EXPECT_EQ(sweep({10min}).requeued, 1);
}

TEST_P(JobStoreConformance, SweepTouchesNothingElse) {
  create();
  complete(create_and_claim());
  clock().advance(24h);
  const auto report = sweep();
  EXPECT_EQ(report.requeued + report.failed + report.cancelled, 0);
}

TEST_P(JobStoreConformance, RefusesASweepOutOfRange) {
  EXPECT_THROW(sweep({0ms}), std::invalid_argument);
  EXPECT_THROW(sweep({std::chrono::milliseconds::max()}), std::invalid_argument);
}

TEST_P(JobStoreConformance, ABackwardJumpOfTheClockLosesNothing) {
  const auto held = create_and_claim();
  clock().advance(-10min);
  EXPECT_EQ(sweep().requeued, 0);
  store().heartbeat(held, 0.5, kLease, context_);
  complete(held);
  EXPECT_EQ(state_of(held), JobState::completed);
}

TEST_P(JobStoreConformance, AForwardJumpOfTheClockCostsOnlyAnAttempt) {
  const auto held = create_and_claim();
  clock().advance(10min);
  sweep();
  const auto again = claim("worker-b");
  EXPECT_EQ(code_of([&] { complete(held); }), ErrorCode::lease_lost);
  complete(again);
  EXPECT_EQ(find(held.id).attempt, 2);
}

// Each with a clock of its own, on one store. What a worker's clock says never decides who may write.
TEST_P(JobStoreConformance, AnEndedLeaseOfAClockThatIsBehindIsStillFencedOff) {
  const auto behind = create_and_claim();  // by a worker whose clock is 10 min behind
  clock().advance(10min);
  sweep();
  const auto right = claim("worker-b");
  clock().advance(-10min);
  EXPECT_EQ(code_of([&] { store().heartbeat(behind, 0.5, kLease, context_); }), ErrorCode::lease_lost);
  EXPECT_EQ(code_of([&] { complete(behind); }), ErrorCode::lease_lost);
  complete(right);
  EXPECT_EQ(find(right.id).attempt, 2);
}

TEST_P(JobStoreConformance, AJobThatWasMadeAheadOfTimeIsDueWhenThatTimeComes) {
  clock().advance(10min);
  const auto early = create();
  clock().advance(-10min);
  EXPECT_TRUE(nothing_to_claim());
  clock().advance(10min);
  EXPECT_EQ(claim().id, early.id);
}

TEST_P(JobStoreConformance, AJobThatWasDueWaitsAgainWhenTheClockGoesBack) {
  auto wanted = job_of_kind("mockup");
  wanted.not_before = clock().now() + 10s;
  create(wanted);
  clock().advance(10s);
  const auto held = claim();
  store().release(held, context_);
  clock().advance(-1s);
  EXPECT_TRUE(nothing_to_claim());
  clock().advance(1s);
  EXPECT_EQ(claim().id, held.id);
}

TEST_P(JobStoreConformance, ALeaseGivenAheadOfTimeStillEnds) {
  clock().advance(10min);
  const auto held = create_and_claim();
  clock().advance(-10min);
  EXPECT_EQ(sweep().requeued, 0);
  clock().advance(10min + kLease);
  EXPECT_EQ(sweep().requeued, 1);
  EXPECT_EQ(code_of([&] { complete(held); }), ErrorCode::lease_lost);
}

TEST_P(JobStoreConformance, ASweeperThatIsAheadCostsAttemptsAndThenFailsTheJobWithTheReason) {
  auto wanted = job_of_kind("mockup");
  wanted.max_attempts = 2;
  const auto id = create(wanted).id;
  for (int attempt = 1; attempt <= 2; ++attempt) {
    claim();
    clock().advance(10min);
    sweep();
    clock().advance(-10min);
  }
  EXPECT_EQ(find(id).state, JobState::failed);
  EXPECT_EQ(find(id).failure->code, "lease_lost");
}

// --- fencing ---------------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, AStaleTokenChangesNothing) { check_that_a_stale_token_changes_nothing(store(), clock()); }

TEST_P(JobStoreConformance, AnEndedLeaseChangesNothing) {
  const auto held = create_and_claim();
  fail(held, final_failure());
  EXPECT_EQ(code_of([&] { complete(held); }), ErrorCode::lease_lost);
  EXPECT_EQ(code_of([&] { fail(held, worth_repeating()); }), ErrorCode::lease_lost);
  EXPECT_EQ(code_of([&] { store().release(held, context_); }), ErrorCode::lease_lost);
  EXPECT_EQ(state_of(held), JobState::failed);
}

TEST_P(JobStoreConformance, ALeaseOnARemovedJobIsLost) {
  const auto held = create_and_claim();
  fail(held, final_failure());
  store().remove({held.id}, context_);
  EXPECT_EQ(code_of([&] { complete(held); }), ErrorCode::lease_lost);
}

TEST_P(JobStoreConformance, AForgedTokenChangesNothing) {
  auto held = create_and_claim();
  held.lease->token = std::string(32, '0');
  EXPECT_EQ(code_of([&] { complete(held); }), ErrorCode::lease_lost);
  EXPECT_EQ(state_of(held), JobState::processing);
}

TEST_P(JobStoreConformance, AJobThatWasNotClaimedCannotBeChanged) {
  const auto held = create_and_claim();
  const auto seen = find(held.id);
  EXPECT_THROW(complete(seen), std::invalid_argument);
  EXPECT_THROW(store().heartbeat(create(), 0, kLease, context_), std::invalid_argument);
  EXPECT_EQ(state_of(held), JobState::processing);
}

TEST_P(JobStoreConformance, TheTokenOfOneJobDoesNotOpenAnother) {
  create();
  create();
  const auto one = claim();
  auto other = claim();
  other.lease->token = one.lease->token;
  EXPECT_EQ(code_of([&] { complete(other); }), ErrorCode::lease_lost);
}

// --- remove, context -------------------------------------------------------------------------------------------------

TEST_P(JobStoreConformance, RemovesOnlyEndedJobs) {
  const auto done = create_and_claim();
  complete(done);
  const auto held = create_and_claim();
  const auto waiting = create();
  EXPECT_EQ(store().remove({done.id, held.id, waiting.id, "nothing", done.id}, context_), 1);
  EXPECT_FALSE(store().find(done.id, context_));
  EXPECT_EQ(state_of(held), JobState::processing);
  EXPECT_EQ(state_of(waiting), JobState::pending);
}

TEST_P(JobStoreConformance, ARemovedJobFreesItsClientKey) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  const auto done = create_and_claim(wanted);
  complete(done);
  store().remove({done.id}, context_);
  EXPECT_NE(create(wanted).id, done.id);
}

TEST_P(JobStoreConformance, RemovesWhatDidNotChangeSinceItWasSeen) {
  const auto done = create_and_claim();
  complete(done);
  EXPECT_EQ(store().remove_unchanged({find(done.id)}, context_), 1);
  EXPECT_FALSE(store().find(done.id, context_));
}

TEST_P(JobStoreConformance, DoesNotRemoveAJobThatWasRetriedSinceItWasSeen) {
  const auto held = create_and_claim();
  fail(held, final_failure());
  const auto seen = find(held.id);
  clock().advance(1s);
  store().retry(held.id, context_);
  EXPECT_EQ(store().remove_unchanged({seen}, context_), 0);
  complete(claim());
  EXPECT_EQ(store().remove_unchanged({seen}, context_), 0);
  EXPECT_EQ(state_of(held), JobState::completed);
}

TEST_P(JobStoreConformance, DoesNotRemoveAJobThatHasNotEndedEvenIfItDidNotChange) {
  const auto waiting = create();
  const auto gone = create();
  store().cancel(gone.id, context_);
  const auto seen = find(gone.id);
  store().remove({gone.id}, context_);
  EXPECT_EQ(store().remove_unchanged({find(waiting.id), seen}, context_), 0);
  EXPECT_EQ(state_of(waiting), JobState::pending);
}

TEST_P(JobStoreConformance, EveryVerbHeedsCancel) {
  const auto held = create_and_claim();
  Context cancelled;
  cancelled.cancel();
  const auto heeds = [&](auto call) { EXPECT_EQ(code_of(call), ErrorCode::cancelled); };
  heeds([&] { store().create(job_of_kind("mockup"), cancelled); });
  heeds([&] { store().find(held.id, cancelled); });
  heeds([&] { store().list({}, {}, 1, cancelled); });
  heeds([&] { store().claim("worker-b", kLease, cancelled); });
  heeds([&] { store().heartbeat(held, 0, kLease, cancelled); });
  heeds([&] { store().complete(held, "{}", cancelled); });
  heeds([&] { store().complete_batch({{held, "{}"}}, cancelled); });
  heeds([&] { store().remove_unchanged({held}, cancelled); });
  heeds([&] { store().sweep({}, cancelled); });
  EXPECT_EQ(state_of(held), JobState::processing);
}

}  // namespace

void check_that_a_stale_token_changes_nothing(JobStore& store, FakeClock& clock) {
  Context context;
  store.create(job_of_kind("mockup"), context);
  const auto first = store.claim("worker-a", kLease, context).value();
  clock.advance(kLease);
  store.sweep({}, context);
  const auto second = store.claim("worker-b", kLease, context).value();

  const auto is_fenced_off = [](auto call) {
    EXPECT_EQ(code_of(call), ErrorCode::lease_lost) << "a stale token was accepted";
  };
  is_fenced_off([&] { store.heartbeat(first, 0.9, kLease, context); });
  is_fenced_off([&] { store.save_journal(first, R"({"stale":1})", context); });
  is_fenced_off([&] { store.release(first, context); });
  is_fenced_off([&] { store.fail(first, final_failure(), context); });
  is_fenced_off([&] { store.complete(first, R"({"stale":1})", context); });

  const auto job = store.find(first.id, context).value();
  EXPECT_EQ(job.state, JobState::processing);
  EXPECT_EQ(job.journal, "{}");
  EXPECT_EQ(job.progress, 0);
  EXPECT_EQ(job.lease.value_or(Lease{}).expires_at, second.lease->expires_at);
  EXPECT_FALSE(code_of([&] { store.complete(second, "{}", context); }));
}

// --- stores that claim in order --------------------------------------------------------------------------------------

namespace {

std::vector<JobBackend> ordered_job_backends() {
  auto backends = job_backends();
  std::erase_if(backends, [](const JobBackend& backend) { return !backend.claims_in_order; });
  return backends;
}

class OrderedJobStore : public JobStoreConformance {};
INSTANTIATE_TEST_SUITE_P(Backends, OrderedJobStore, ::testing::ValuesIn(ordered_job_backends()),
                         [](const auto& backend) { return backend.param.name; });

TEST_P(OrderedJobStore, ClaimsTheOldestOfOnePriority) {
  const auto old_job = create();
  clock().advance(1s);
  const auto young_job = create();
  EXPECT_EQ(claim().id, old_job.id);
  EXPECT_EQ(claim().id, young_job.id);
}

}  // namespace

}  // namespace vitrine
