// Jobs that the replaced system's web page made, and what it must be able to read afterwards.
#include "jobs/etsy_documents.h"

#include <gtest/gtest.h>

#include "support/firestore_fake.h"
#include "vitrine/jobs/firestore_store.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class EtsyDocuments : public ::testing::Test {
 protected:
  EtsyDocuments() {
    FirestoreOptions options;
    options.project = "test";
    options.time = StoreTime::clock;
    options.address_of = [](const std::string& key) { return "https://storage.googleapis.com/shop/" + key; };
    store_ = make_firestore_job_store(options, fake_, make_google_token_credentials("owner"), clock_);
  }
  json created_at() { return time_value(clock_->now() - 1h); }
  void put_artwork(const std::string& id, json more = json::object()) {
    json fields{{"status", text_value("pending_art_generation")},
                {"prompt", text_value("a fox")},
                {"aspectRatio", text_value("9:16")},
                {"seed", integer_value(42)},
                {"steps", integer_value(28)},
                {"guidance", number_value(3)},
                {"safetyTolerance", integer_value(2)},
                {"promptUpsampling", flag_value(false)},
                {"createdAt", created_at()}};
    fields.update(more);
    fake_->put("jobs", id, fields);
  }
  void put_mockup(const std::string& id, json more = json::object()) {
    json fields{{"status", text_value("pending")},
                {"artwork_url", text_value("https://storage.googleapis.com/shop/generated-art/a.png")},
                {"mockup_template", text_value("first")},
                {"sourcePrompt", text_value("a fox")},
                {"createdAt", created_at()},
                {"processingStartTime", {{"nullValue", nullptr}}},
                {"error", {{"nullValue", nullptr}}}};
    fields.update(more);
    fake_->put("intelligent_mockup_jobs", id, fields);
  }
  std::optional<Job> claim() { return store_->claim("worker", 30s, context_); }
  std::string text(const std::string& collection, const std::string& id, std::string_view path) {
    const json fields = fake_->fields_of(collection, id);
    return FirestoreFields(fields).text(path).value_or("(none)");
  }

  std::shared_ptr<FirestoreFake> fake_ = std::make_shared<FirestoreFake>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>();
  std::unique_ptr<JobStore> store_;
  Context context_;
};

TEST_F(EtsyDocuments, AWaitingArtworkIsClaimed) {
  put_artwork("Abc123");
  const auto held = claim().value();
  EXPECT_EQ(held.id, "Abc123");
  EXPECT_EQ(held.kind, "artwork");
  EXPECT_EQ(json::parse(held.request), json::parse(R"({"prompt":"a fox","size":[768,1344],"seed":42,
      "parameters":{"safety_tolerance":2,"prompt_upsampling":false}})"));
}
TEST_F(EtsyDocuments, AWaitingMockupIsAListingOfAllTemplates) {
  fake_->put("mockups", "t1", {{"name", text_value("Room")}, {"imageUrl", text_value("https://h/1.jpg")}});
  fake_->put("mockups", "t2", {{"url", text_value("https://h/2.jpg")}});
  put_mockup("M1");
  const auto held = claim().value();
  EXPECT_EQ(held.kind, "listing");
  const json request = json::parse(held.request);
  EXPECT_EQ(request["artwork"]["url"], "https://storage.googleapis.com/shop/generated-art/a.png");
  EXPECT_EQ(request["scenes"], json::parse(R"([{"id":"t1","name":"Room","url":"https://h/1.jpg"},
                                               {"id":"t2","name":"Unknown","url":"https://h/2.jpg"}])"));
}
TEST_F(EtsyDocuments, WithoutTemplateDocumentsTheUploadedFilesAreTheScenes) {
  put_mockup("M1");
  EXPECT_EQ(json::parse(claim()->request)["scenes_under"], "mockups/");
}
TEST_F(EtsyDocuments, ASeedThatIsATextIsANumber) {
  put_artwork("a", {{"seed", text_value("7")}});
  EXPECT_EQ(json::parse(claim()->request)["seed"], 7);
}
TEST_F(EtsyDocuments, ASeedOfMinusOneIsAny) {
  put_artwork("a", {{"seed", text_value("-1")}});
  EXPECT_FALSE(json::parse(claim()->request).contains("seed"));
}
TEST_F(EtsyDocuments, TheDocumentsNameCountsNotItsFieldJobId) {
  put_mockup("M1", {{"job_id", text_value("other")}});
  EXPECT_EQ(claim()->id, "M1");
}
TEST_F(EtsyDocuments, ADocumentThatCameLaterIsClaimedToo) {
  EXPECT_FALSE(claim());
  clock_->advance(5min);
  put_mockup("M1", {{"createdAt", time_value(clock_->now())}});
  EXPECT_EQ(claim()->id, "M1");
}
TEST_F(EtsyDocuments, APageWithoutAWaitingJobIsLeftAlone) {
  put_mockup("M1", {{"status", text_value("retried")}});
  put_artwork("a", {{"status", text_value("approved")}});
  EXPECT_FALSE(claim());
  EXPECT_EQ(text("intelligent_mockup_jobs", "M1", "status"), "retried");
}
TEST_F(EtsyDocuments, ABacklogIsClaimedOnceEach) {
  for (int i = 0; i < 250; ++i) put_mockup("M" + std::to_string(i));
  std::set<std::string> ids;
  while (true) {
    const auto held = store_->claim_batch("worker", 100, {}, 30s, context_);
    if (held.empty()) break;
    for (const auto& job : held) EXPECT_TRUE(ids.insert(job.id).second);
  }
  EXPECT_EQ(ids.size(), 250U);
}
TEST_F(EtsyDocuments, ThePageSeesThatWorkHasBegun) {
  put_mockup("M1");
  claim();
  EXPECT_EQ(text("intelligent_mockup_jobs", "M1", "status"), "processing");
  const json fields = fake_->fields_of("intelligent_mockup_jobs", "M1");
  EXPECT_EQ(FirestoreFields(fields).time("processingStartTime"), clock_->now());
}
TEST_F(EtsyDocuments, ThePageSeesTheArtwork) {
  put_artwork("a");
  store_->complete(*claim(), R"({"object":{"key":"generated-art/x.png"}})", context_);
  EXPECT_EQ(text("jobs", "a", "status"), "pending_review");
  EXPECT_EQ(text("jobs", "a", "generatedImageUrl"), "https://storage.googleapis.com/shop/generated-art/x.png");
  const json fields = fake_->fields_of("jobs", "a");
  EXPECT_EQ(FirestoreFields(fields).integer("generationCount"), 1);
}
TEST_F(EtsyDocuments, ThePageSeesTheMockups) {
  put_mockup("M1");
  store_->complete(*claim(), R"({"mockups":[
      {"scene":"t1","name":"Room","object":{"key":"m/1.jpg"},"region":{"label":"frame"},"regions":2},
      {"scene":"t2","url":"https://h/2.jpg","region":{"label":"poster"}}],
      "failed":[{"scene":"t3","code":"no_suitable_region","message":"None."}]})", context_);
  const json fields = fake_->fields_of("intelligent_mockup_jobs", "M1");
  const FirestoreFields read(fields);
  EXPECT_EQ(read.text("status"), "completed");
  EXPECT_EQ(read.integer("total_mockups_generated"), 2);
  EXPECT_EQ(read.integer("total_mockups_failed"), 1);
  EXPECT_EQ(read.integer("detected_regions_total"), 3);
  EXPECT_EQ(read.text("result_url"), "https://storage.googleapis.com/shop/m/1.jpg");
  EXPECT_EQ(read.text("selected_region"), "frame");
  const json& second = fields["mockup_results"]["arrayValue"]["values"][1]["mapValue"]["fields"];
  EXPECT_EQ(second["url"], text_value("https://h/2.jpg"));
  EXPECT_EQ(second["template_id"], text_value("t2"));
  EXPECT_EQ(read.time("completionTime"), clock_->now());
}
TEST_F(EtsyDocuments, ThePageSeesTheReason) {
  put_mockup("M1");
  store_->fail(*claim(), {"no_suitable_region", "Nothing was found in Room.", false, {}}, context_);
  EXPECT_EQ(text("intelligent_mockup_jobs", "M1", "status"), "failed");
  EXPECT_EQ(text("intelligent_mockup_jobs", "M1", "error_message"), "Nothing was found in Room.");
  EXPECT_EQ(text("intelligent_mockup_jobs", "M1", "error.type"), "detection_failed");
}
TEST_F(EtsyDocuments, ThePageSeesWhyAnArtworkFailed) {
  put_artwork("a");
  store_->fail(*claim(), {"moderated", "The prompt was refused.", false, {}}, context_);
  EXPECT_EQ(text("jobs", "a", "status"), "error");
  EXPECT_EQ(text("jobs", "a", "errorMessage"), "The prompt was refused.");
}
TEST_F(EtsyDocuments, AnApprovedArtworkStaysApproved) {
  put_artwork("a");
  store_->complete(*claim(), R"({"url":"https://h/x.png"})", context_);
  json fields = fake_->fields_of("jobs", "a");
  fields["status"] = text_value("approved");
  fake_->put("jobs", "a", fields);
  EXPECT_EQ(store_->find("a", context_)->state, JobState::completed);
  EXPECT_FALSE(claim());
}
TEST_F(EtsyDocuments, AStatusSetBackByHandIsDoneAgain) {
  put_mockup("M1");
  store_->fail(*claim(), {"moderated", "Refused.", false, {}}, context_);
  json fields = fake_->fields_of("intelligent_mockup_jobs", "M1");
  fields["status"] = text_value("pending");
  fake_->put("intelligent_mockup_jobs", "M1", fields);
  EXPECT_EQ(store_->find("M1", context_)->state, JobState::pending);
}
TEST_F(EtsyDocuments, OldJobsAreListedWithOurs) {
  put_artwork("a", {{"status", text_value("error")}, {"errorMessage", text_value("Activity task failed")}});
  put_mockup("M1", {{"status", text_value("completed")}, {"result_url", text_value("https://h/1.png")}});
  JobFilter failed;
  failed.states = {JobState::failed};
  const auto page = store_->list(failed, {}, 10, context_);
  ASSERT_EQ(page.jobs.size(), 1U);
  EXPECT_EQ(page.jobs[0].failure->message, "Activity task failed");
  EXPECT_EQ(store_->list({}, {}, 10, context_).jobs.size(), 2U);
}
TEST_F(EtsyDocuments, AJobLeftInProcessingByTheOldSystemIsNotSweptSinceItMayBePaidFor) {
  put_artwork("a", {{"status", text_value("processing")}});
  clock_->advance(48h);
  EXPECT_EQ(store_->sweep({}, context_).requeued, 0);
  EXPECT_EQ(text("jobs", "a", "status"), "processing");
}
TEST_F(EtsyDocuments, AMockupLeftInProcessingCanBeRetriedOnceItIsFailed) {
  put_mockup("M1", {{"status", text_value("failed")}, {"error_message", text_value("stuck")}});
  EXPECT_EQ(store_->retry("M1", context_).state, JobState::pending);
  EXPECT_EQ(claim()->id, "M1");
}
TEST_F(EtsyDocuments, HostileFieldsDoNoHarm) {
  put_artwork("a", {{"prompt", integer_value(5)}, {"aspectRatio", flag_value(true)}, {"seed", number_value(1e300)},
                    {"safetyTolerance", number_value(-1e9)}, {"createdAt", text_value("yesterday")}});
  EXPECT_EQ(json::parse(claim()->request)["parameters"]["safety_tolerance"], 0);
}
TEST_F(EtsyDocuments, OurOwnJobsShowInThePage) {
  const auto job = store_->create({"listing", R"({"artwork":"art/a.png"})", "", 0, 3, {}}, context_);
  EXPECT_EQ(text("intelligent_mockup_jobs", job.id, "status"), "pending");
  EXPECT_EQ(text("intelligent_mockup_jobs", job.id, "artwork_url"), "art/a.png");
}

}  // namespace
}  // namespace vitrine
