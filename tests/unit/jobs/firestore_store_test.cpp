// What is special to Firestore: lost answers, refusals, and its indexes. The life of a job is in the conformance suite.
#include "vitrine/jobs/firestore_store.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "support/errors.h"
#include "support/firestore_fake.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Fault = FirestoreFake::Fault;

class FirestoreStore : public ::testing::Test {
 protected:
  static FirestoreOptions options() {
    FirestoreOptions options;
    options.project = "test";
    options.time = StoreTime::clock;
    return options;
  }
  std::unique_ptr<JobStore> another() {
    return make_firestore_job_store(options(), fake_, make_google_token_credentials("owner"), clock_);
  }
  Job create(std::string client_key = "") {
    NewJob job;
    job.kind = "mockup";
    job.client_key = std::move(client_key);
    return store_->create(job, context_);
  }
  Job create_and_claim() {
    create();
    return store_->claim("worker", 30s, context_).value();
  }
  std::string message_of(const std::string& verb, Fault fault) {
    fake_->fail_next(verb, {fault, fault, fault, fault, fault});
    try {
      store_->list({}, {}, 10, context_);
    } catch (const Error& error) {
      code_ = error.code();
      return error.what();
    }
    return {};
  }

  std::shared_ptr<FirestoreFake> fake_ = std::make_shared<FirestoreFake>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::unique_ptr<JobStore> store_ = another();
  Context context_;
  ErrorCode code_{};
};

// --- lost answers ----------------------------------------------------------------------------------------------------

TEST_F(FirestoreStore, MakesAJobOnceThoughTheAnswerIsLost) {
  fake_->fail_next("commit", {Fault::no_answer_after});
  create();
  EXPECT_EQ(store_->count({}, context_), 1);
}
TEST_F(FirestoreStore, MakesAJobOnceThoughTheRequestIsLost) {
  fake_->fail_next("commit", {Fault::no_answer_before, Fault::unavailable});
  create("key");
  EXPECT_EQ(store_->count({}, context_), 1);
}
TEST_F(FirestoreStore, ReturnsTheJobOfAClientKeyThoughTheAnswerIsLost) {
  fake_->fail_next("commit", {Fault::no_answer_after});
  const auto first = create("key");
  EXPECT_EQ(create("key").id, first.id);
}
TEST_F(FirestoreStore, HoldsAClaimThoughTheAnswerIsLost) {
  create();
  fake_->fail_next("batchWrite", {Fault::no_answer_after});
  const auto held = store_->claim("worker", 30s, context_);
  ASSERT_TRUE(held);
  store_->complete(*held, "{}", context_);
  EXPECT_EQ(store_->find(held->id, context_)->attempt, 1);
}
TEST_F(FirestoreStore, CompletesThoughTheAnswerIsLost) {
  const auto held = create_and_claim();
  fake_->fail_next("commit", {Fault::no_answer_after});
  store_->complete(held, R"({"a":1})", context_);
  EXPECT_EQ(store_->find(held.id, context_)->state, JobState::completed);
}
TEST_F(FirestoreStore, FailsAnAttemptOnceThoughTheAnswerIsLost) {
  const auto held = create_and_claim();
  fake_->fail_next("commit", {Fault::no_answer_after});
  store_->fail(held, {"unavailable", "Away.", true, {}}, context_);
  const auto job = store_->find(held.id, context_).value();
  EXPECT_EQ(job.state, JobState::pending);
  EXPECT_EQ(job.attempt, 1);
}
TEST_F(FirestoreStore, RecordsACostOnceThoughTheAnswerIsLost) {
  fake_->fail_next("commit", {Fault::no_answer_after});
  store_->record_cost({"task", "", "bfl", "generate", "flux", {40'000}, true, clock_->now()}, context_);
  EXPECT_EQ(store_->sum_costs({}, CostGrouping::none, context_).at(0).settled.value, 40'000);
}
TEST_F(FirestoreStore, SaysThatTheServiceIsAwayWhenItStaysSo) {
  fake_->fail_next("commit", std::vector<Fault>(20, Fault::no_answer_before));
  EXPECT_EQ(code_of([&] { create(); }), ErrorCode::unavailable);
}
TEST_F(FirestoreStore, AnAnswerOfAnotherShapeIsDamaged) {
  const auto list = std::make_shared<MockTransport>([](const HttpRequest&) { return HttpResponse{200, {}, {'[', ']'}}; });
  const auto store = make_firestore_job_store(options(), list, make_google_token_credentials("owner"), clock_);
  NewJob job;
  job.kind = "mockup";
  EXPECT_EQ(code_of([&] { store->create(job, context_); }), ErrorCode::corrupt_data);
}
TEST_F(FirestoreStore, ReadsAgainWhenTheServiceHiccups) {
  create();
  fake_->fail_next("runQuery", {Fault::unavailable, Fault::too_slow});
  EXPECT_EQ(store_->list({}, {}, 10, context_).jobs.size(), 1U);
}

// --- other writers ---------------------------------------------------------------------------------------------------

TEST_F(FirestoreStore, KeepsFieldsThatItDoesNotKnow) {
  const auto held = create_and_claim();
  json fields = fake_->fields_of("intelligent_mockup_jobs", held.id);
  fields["note"] = {{"stringValue", "mine"}};
  fake_->put("intelligent_mockup_jobs", held.id, fields);
  store_->complete(held, "{}", context_);
  EXPECT_EQ(fake_->fields_of("intelligent_mockup_jobs", held.id)["note"], (json{{"stringValue", "mine"}}));
}
TEST_F(FirestoreStore, TellsTheHolderOfACancelThatAnotherStoreTook) {
  const auto held = create_and_claim();
  another()->cancel(held.id, context_);
  EXPECT_TRUE(store_->heartbeat(held, 0.5, 30s, context_).cancel_requested);
}
TEST_F(FirestoreStore, AHolderNeedsNoReadForItsWrites) {
  const auto held = create_and_claim();
  const int before = fake_->requests();
  store_->heartbeat(held, 0.5, 30s, context_);
  store_->complete(held, "{}", context_);
  EXPECT_EQ(fake_->requests() - before, 2);
}

// --- refusals --------------------------------------------------------------------------------------------------------

TEST_F(FirestoreStore, SaysWhatToGrant) {
  EXPECT_NE(message_of("runQuery", Fault::denied).find("roles/datastore.user"), std::string::npos);
  EXPECT_EQ(code_, ErrorCode::permission_denied);
}
TEST_F(FirestoreStore, GivesTheLinkOfAMissingIndex) {
  EXPECT_NE(message_of("runQuery", Fault::missing_index).find("create_composite=abc"), std::string::npos);
}
TEST_F(FirestoreStore, AdvisesASmallerPageWhenItIsTooSlow) {
  EXPECT_NE(message_of("runQuery", Fault::too_slow).find("smaller page"), std::string::npos);
  EXPECT_EQ(code_, ErrorCode::unavailable);
}
TEST_F(FirestoreStore, ADamagedDocumentIsNamed) {
  const auto job = create();
  json fields = fake_->fields_of("intelligent_mockup_jobs", job.id);
  fields["vitrine"]["mapValue"]["fields"].erase("request");
  fake_->put("intelligent_mockup_jobs", job.id, fields);
  EXPECT_EQ(code_of([&] { store_->find(job.id, context_); }), ErrorCode::corrupt_data);
}
TEST_F(FirestoreStore, NeedsAProject) {
  EXPECT_THROW(make_firestore_job_store({}, fake_, make_google_token_credentials("owner")), std::invalid_argument);
}
TEST_F(FirestoreStore, RefusesACollectionWithASlash) {
  auto wrong = options();
  wrong.costs = "a/b";
  EXPECT_THROW(make_firestore_job_store(wrong, fake_, make_google_token_credentials("owner")), std::invalid_argument);
}

// --- indexes ---------------------------------------------------------------------------------------------------------

std::vector<std::string> equal_fields(const json& query) {
  std::vector<std::string> fields;
  if (!query.contains("where")) return fields;
  const json& where = query["where"];
  const json filters = where.contains("compositeFilter") ? where["compositeFilter"]["filters"] : json::array({where});
  for (const json& filter : filters) {
    const json& one = filter["fieldFilter"];
    if (one["op"] == "EQUAL" || one["op"] == "IN") fields.push_back(one["field"]["fieldPath"]);
  }
  return fields;
}

// The index that Google would ask for: fields compared for equality in any order, then those ordered by. Empty if the
// single-field indexes do, which are always there.
json needed_index(const json& query) {
  json fields = json::array();
  for (const std::string& path : equal_fields(query)) fields.push_back({{"fieldPath", path}, {"order", "ASCENDING"}});
  for (const json& order : query["orderBy"])
    if (order["field"]["fieldPath"] != "__name__")
      fields.push_back({{"fieldPath", order["field"]["fieldPath"]}, {"order", order["direction"]}});
  return fields.size() < 2 ? json::array() : fields;
}

bool serves(const json& index, const json& fields, const json& query) {
  const json& own = index["fields"];
  const auto equal = equal_fields(query);
  if (index["collectionGroup"] != query["from"][0]["collectionId"] || own.size() != fields.size()) return false;
  std::set<std::string> first;
  for (std::size_t i = 0; i < equal.size(); ++i) first.insert(own[i]["fieldPath"].get<std::string>());
  return first == std::set<std::string>(equal.begin(), equal.end()) &&
         std::equal(own.begin() + static_cast<std::ptrdiff_t>(equal.size()), own.end(),
                    fields.begin() + static_cast<std::ptrdiff_t>(equal.size()));
}

json shipped_indexes() { return json::parse(std::ifstream(VITRINE_FIRESTORE_INDEXES))["indexes"]; }

bool is_served(const json& query) {
  const json fields = needed_index(query);
  const json indexes = shipped_indexes();
  return fields.empty() ||
         std::any_of(indexes.begin(), indexes.end(), [&](const json& index) { return serves(index, fields, query); });
}

TEST_F(FirestoreStore, AsksNothingThatTheShippedIndexesDoNotServe) {
  create_and_claim();
  store_->claim_batch("worker", 5, {"mockup", "artwork", "own"}, 30s, context_);
  store_->claim_batch("worker", 5, {}, 30s, context_);  // the second look for the old page's jobs is by time
  JobFilter filter;
  filter.states = {JobState::failed, JobState::completed};
  filter.created_from = clock_->now();
  filter.finished_until = clock_->now();
  store_->list(filter, {}, 10, context_);
  store_->list({}, {}, 10, context_);
  store_->count(filter, context_);
  store_->sweep({}, context_);
  store_->costs({}, {}, 10, context_);
  CostFilter costs;
  costs.job_id = "job";
  costs.from = clock_->now();
  store_->costs(costs, {}, 10, context_);

  for (const json& query : fake_->queries()) EXPECT_TRUE(is_served(query)) << query.dump();
}
TEST_F(FirestoreStore, AnIndexThatIsNotShippedWouldBeNoticed) {
  EXPECT_FALSE(is_served(json::parse(
      R"({"from":[{"collectionId":"jobs"}],"where":{"fieldFilter":{"field":{"fieldPath":"status"},"op":"EQUAL",
          "value":{"stringValue":"x"}}},"orderBy":[{"field":{"fieldPath":"prompt"},"direction":"ASCENDING"}]})")));
}

}  // namespace
}  // namespace vitrine
