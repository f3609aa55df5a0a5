#include "vitrine/pipeline/pipeline.h"

#include <atomic>

#include "support/pipeline_world.h"
#include "support/temporary_folder.h"
#include "vitrine/base/file.h"
#include "vitrine/base/sha256.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/mock.h"

namespace vitrine {
namespace {

class MockupJobs : public PipelineWorld {
 protected:
  bool result_has(const Job& job, const std::string& text) {
    return find(job).result.find(text) != std::string::npos;
  }
};

TEST_F(MockupJobs, MakeEveryScene) {
  const Job job = create("mockup", kMockup);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(keys_under("mockups/" + job.id).size(), 2U);
  EXPECT_TRUE(result_has(job, R"("made":2,"not_made":0)"));
}

TEST_F(MockupJobs, PutTheArtworkWhereTheRegionIs) {
  parts_.compositor = make_perspective_compositor();
  const Job job = create("mockup", R"({"artwork":"art/red.png","scenes":["templates/room.png"],"format":"png"})");
  run_next();
  const Image mockup = decode_image(objects_->get(keys_under("mockups/").at(0), context_));
  EXPECT_GT(pixel(mockup, 45, 40)[0], 150);
  EXPECT_EQ(pixel(mockup, 5, 5)[0], 90);
}

TEST_F(MockupJobs, OfAListingTakeAllTemplates) {
  put_bytes("templates/readme.txt", {'n', 'o'});
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_TRUE(result_has(job, R"("made":2)"));
}

TEST_F(MockupJobs, OfAListingTakeTheHostsScenesIfItKeepsThemElsewhere) {
  parts_.all_scenes = [](Context&) {
    SceneRequest scene;
    scene.id = "document 7";
    scene.source = {Source::Kind::object, "templates/room.png", {}};
    return std::vector{scene};
  };
  const Job job = create("listing", R"({"artwork":"art/red.png","scenes":"all"})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, R"("made":1)"));
  EXPECT_TRUE(result_has(job, "document 7"));
}

TEST_F(MockupJobs, TakeATimeOutOfAFetchForTheScenesOwn) {
  parts_.fetch = [](const std::string&, Context&) -> Bytes { throw Error(ErrorCode::deadline_exceeded, "Slow."); };
  const Job job =
      create("mockup", R"({"artwork":"art/red.png","scenes":["https://a.example/r.png","templates/room.png"]})", 1);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, R"("made":1,"not_made":1)"));
}

TEST_F(MockupJobs, OrderTheirArtworkFirstWhenAsked) {
  const Job job = create("listing", R"({"artwork":{"order":{"prompt":"a fox"}}})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_EQ(generator_.orders_charged(), 1);
  EXPECT_TRUE(result_has(job, R"("cost_micro_usd":40000)"));
}

TEST_F(MockupJobs, CompleteWithTheReasonForEachSceneThatFailed) {
  put_bytes("templates/broken.png", {'n', 'o'});
  const Job job = create("listing", kListing);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, R"("made":2,"not_made":1)"));
  EXPECT_TRUE(result_has(job, R"("scene":"templates/broken.png","code":"invalid_image")"));
}

TEST_F(MockupJobs, ThatMustBeWholeFailAndMakeOnlyWhatIsMissingOnRetry) {
  put_bytes("templates/broken.png", {'n', 'o'});
  const Job job = create("listing", R"({"artwork":"art/red.png","partial":"fail"})");
  run_next();
  EXPECT_EQ(find(job).state, JobState::failed);
  const auto made = keys_under("mockups/");
  EXPECT_EQ(made.size(), 2U);

  put_image("templates/broken.png", plain_image({100, 80}, PixelFormat::rgb8, {9, 9, 9}));
  jobs_->retry(job.id, context_);
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  const auto after = keys_under("mockups/");
  EXPECT_EQ(after.size(), 3U);
  EXPECT_TRUE(std::includes(after.begin(), after.end(), made.begin(), made.end()));
}

TEST_F(MockupJobs, FailWithEachReasonWhenNoSceneCouldBeMade) {
  MockDetectorOptions blind;
  blind.regions = std::vector<Region>{};
  blind.reason = "The wall is empty.";
  parts_.detector = make_mock_detector(blind);
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_EQ(find(job).state, JobState::failed);
  EXPECT_EQ(find(job).failure->code, "no_suitable_region");
  EXPECT_NE(find(job).failure->message.find("hall.png"), std::string::npos);
  EXPECT_NE(find(job).failure->message.find("The wall is empty."), std::string::npos);
}

TEST_F(MockupJobs, RepeatWhileTroubleMayPassAndCompleteWithoutThatSceneAtLast) {
  parts_.fetch = [](const std::string&, Context&) -> Bytes { throw Error(ErrorCode::unavailable, "It is down."); };
  const Job job = create("mockup", R"({"artwork":"art/red.png","scenes":["templates/room.png","https://a.example/r.png"]})", 2);
  EXPECT_EQ(run_next().end, AttemptEnd::failed);
  EXPECT_EQ(find(job).state, JobState::pending);
  clock_->advance(std::chrono::minutes(6));
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, R"("made":1,"not_made":1)"));
}

TEST_F(MockupJobs, WithABadArtworkFailAtOnceAndNameIt) {
  put_bytes("art/red.png", {'n', 'o'});
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_EQ(find(job).failure->code, "invalid_image");
  EXPECT_NE(find(job).failure->message.find("art/red.png"), std::string::npos);
}

TEST_F(MockupJobs, UseCornersThatAreGivenAndAskNoDetector) {
  MockDetectorOptions failing;
  failing.error = ErrorCode::model_unavailable;
  parts_.detector = make_mock_detector(failing);
  const Job job = create("mockup", R"({"artwork":"art/red.png","scenes":[)"
                                   R"({"object":"templates/room.png","quad":[[10,10],[50,10],[50,50],[10,50]]}]})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, R"("quad":[[10.0,10.0],[50.0,10.0])"));
}

TEST_F(MockupJobs, TakeOnePictureWithTwoSetsOfCorners) {
  const Job job = create("mockup", R"({"artwork":"art/red.png","scenes":[)"
                                   R"({"object":"templates/room.png","quad":[[10,10],[50,10],[50,50],[10,50]]},)"
                                   R"({"object":"templates/room.png","quad":[[30,30],[70,30],[70,70],[30,70]]}]})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_TRUE(result_has(job, "templates/room.png#2"));
  EXPECT_EQ(keys_under("mockups/").size(), 2U);
}

TEST_F(MockupJobs, RefuseBytesThatAreNotThoseThatWereAskedFor) {
  const Job job = create("mockup", R"({"artwork":{"object":{"key":"art/red.png","sha256":")" + std::string(64, '0') +
                                       R"("}},"scenes":["templates/room.png"]})");
  run_next();
  EXPECT_EQ(find(job).failure->code, "conflict");
}

TEST_F(MockupJobs, FetchNoAddressUnlessTheHostLetsThem) {
  const Job job = create("mockup", R"({"artwork":"https://u:pw@a.example/r.png?sig=1","scenes":["templates/room.png"]})");
  run_next();
  EXPECT_EQ(find(job).failure->code, "unsafe_url");
  EXPECT_EQ(find(job).failure->message.find("sig=1"), std::string::npos);
  EXPECT_EQ(find(job).failure->message.find("pw"), std::string::npos);
}

TEST_F(MockupJobs, FetchAddressesThroughTheHostsFunction) {
  parts_.fetch = [](const std::string&, Context&) {
    return png_of(plain_image({40, 30}, PixelFormat::rgb8, {1, 2, 3}));
  };
  create("mockup", R"({"artwork":"https://a.example/r.png","scenes":["templates/room.png"]})");
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
}

TEST_F(MockupJobs, ReadFilesOnlyBelowTheInputFolder) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "red.png", png_of(plain_image({4, 4}, PixelFormat::rgb8, {1, 2, 3})));
  std::filesystem::create_directory(folder / "in");
  std::filesystem::create_symlink(folder / "red.png", folder / "in" / "link.png");
  options_.input_folder = folder / "in";
  for (const std::string path : {"../red.png", "link.png", "/etc/hostname"}) {
    const Job job = create("mockup", R"({"artwork":{"path":")" + path + R"("},"scenes":["templates/room.png"]})");
    run_next();
    EXPECT_EQ(find(job).failure->code, "permission_denied") << path;
  }
}

TEST_F(MockupJobs, WithoutScenesSayWhereToPutThem) {
  objects_->remove("templates/hall.png", context_);
  objects_->remove("templates/room.png", context_);
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_NE(find(job).failure->message.find("'templates/'"), std::string::npos);
}

TEST_F(MockupJobs, KeepAResultOfManyScenesInAnObject) {
  std::string scenes;
  for (int i = 0; i < 700; ++i)
    scenes += std::string(i == 0 ? "" : ",") + R"({"id":"scene )" + std::to_string(i) + std::string(60, 'x') +
              R"(","object":"templates/room.png"})";
  const Job job = create("mockup", R"({"artwork":"art/red.png","scenes":[)" + scenes + "]}");
  options_.scenes_per_journal = 50;
  EXPECT_EQ(run_next().end, AttemptEnd::completed);
  EXPECT_LT(find(job).result.size(), 1000U);
  EXPECT_TRUE(result_has(job, R"("made":700,"not_made":0,"scenes_object")"));
  Pipeline pipeline(parts_, options_);
  EXPECT_EQ(pipeline.tidy(job.id, std::chrono::milliseconds(0), context_), 0);
  EXPECT_EQ(jobs_->find(job.id, context_)->journal.find(R"("pages":[])"), std::string::npos);
}

TEST_F(MockupJobs, PrepareASceneOnceForManyJobs) {
  class Counting final : public Detector {
   public:
    Detection detect(ImageView, Context&) const override {
      ++calls;
      Region region;
      region.quad = quad_of({20, 20, 50, 40});
      Detection found;
      found.regions = {region};
      return found;
    }
    mutable std::atomic<int> calls = 0;
  };
  const auto counting = std::make_shared<Counting>();
  parts_.detector = counting;
  Pipeline pipeline(parts_, options_);
  create("listing", kListing);
  create("listing", kListing);
  run_next(pipeline);
  run_next(pipeline);
  EXPECT_EQ(counting->calls, 2);
}

TEST_F(MockupJobs, AreTooLargeForABudgetThatCanNeverHoldThem) {
  options_.memory_bytes = 1u << 20u;
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_EQ(find(job).failure->code, "image_too_large");
  EXPECT_NE(find(job).failure->message.find("memory_bytes"), std::string::npos);
}

TEST_F(MockupJobs, GiveTheSameBytesWithManyScenesAtOnce) {
  const Job one = create("listing", kListing);
  run_next();
  options_.scenes_at_once = 4;
  const Job many = create("listing", kListing);
  run_next();
  const auto first = keys_under("mockups/" + one.id);
  const auto second = keys_under("mockups/" + many.id);
  ASSERT_EQ(second.size(), 2U);
  EXPECT_EQ(sha256_hex(objects_->get(first[0], context_)), sha256_hex(objects_->get(second[0], context_)));
}

TEST_F(MockupJobs, EndTheAttemptWhenTheStoreRefusesAMockup) {
  class Full final : public ObjectStore {
   public:
    explicit Full(ObjectStore& inner) : inner_(inner) {}
    ObjectRef put(std::string_view, ByteSource&, const PutOptions&, Context&) override {
      ++puts;
      throw Error(ErrorCode::disk_full, "There is no room.");
    }
    ObjectRef get(std::string_view key, ByteSink& sink, Context& c) override { return inner_.get(key, sink, c); }
    std::optional<ObjectInfo> head(std::string_view key, Context& c) override { return inner_.head(key, c); }
    ObjectPage list(std::string_view p, std::optional<std::string> after, int limit, Context& c) override {
      return inner_.list(p, after, limit, c);
    }
    bool remove(std::string_view key, Context& c) override { return inner_.remove(key, c); }
    std::string url(std::string_view key, std::chrono::seconds life, Context& c) override {
      return inner_.url(key, life, c);
    }
    int puts = 0;

   private:
    ObjectStore& inner_;
  };
  const auto full = std::make_shared<Full>(*objects_);
  parts_.objects = full;
  const Job job = create("listing", kListing);
  run_next();
  EXPECT_EQ(find(job).failure->code, "disk_full");
  EXPECT_EQ(full->puts, 1);
}

TEST_F(MockupJobs, RefuseKindsThatTheyDoNotKnow) {
  const Job job = create("poster", "{}");
  run_next();
  EXPECT_EQ(find(job).failure->code, "invalid_request");
}

class PipelineSteps : public PipelineWorld {};

TEST_F(PipelineSteps, TellWhereArtworkGoesInAScene) {
  Pipeline pipeline(parts_, options_);
  SceneRequest scene;
  scene.source = {Source::Kind::object, "templates/room.png", {}};
  const PreparedScene prepared = pipeline.prepare_scene(scene, context_);
  EXPECT_EQ(prepared.size, (Size{100, 80}));
  ASSERT_EQ(prepared.regions.size(), 1U);
  EXPECT_EQ(prepared.regions[0].quad, quad_of({20, 20, 50, 40}));
}

TEST_F(PipelineSteps, DoAJobOneByOneAcrossProcesses) {
  create("listing", R"({"artwork":{"order":{"prompt":"a fox"}}})");
  const Job held = jobs_->claim("workflow", std::chrono::minutes(10), context_).value();
  const std::string token = held.lease->token;

  const auto made = Pipeline(parts_, options_).generate_artwork(
      *JobAttempt::resume(*jobs_, held.id, token, context_), artwork_request_of(kArtwork), context_);
  std::vector<SceneOutcome> outcomes;
  for (const SceneRequest& scene : Pipeline(parts_, options_).list_scenes("templates/", context_)) {
    const MockupOrder order{{Source::Kind::object, made.object.key, made.object.sha256},
                            scene,
                            Fit::cover,
                            {},
                            {},
                            "mockups/" + held.id + "/" + std::to_string(outcomes.size())};
    outcomes.push_back(scene_outcome_of(to_json(Pipeline(parts_, options_).render_mockup(order, context_))));
  }
  Pipeline last(parts_, options_);
  const auto attempt = JobAttempt::resume(*jobs_, held.id, token, context_);
  last.note_outcomes(*attempt, outcomes, context_);
  jobs_->complete(attempt->job(), last.result_of(*attempt, made, outcomes, context_), context_);
  EXPECT_EQ(find(held).state, JobState::completed);
  EXPECT_EQ(last.tidy(held.id, std::chrono::milliseconds(0), context_), 0);
}

TEST_F(PipelineSteps, OfAStaleTokenChangeNothing) {
  create("artwork", kArtwork);
  const Job held = jobs_->claim("workflow", std::chrono::minutes(10), context_).value();
  Pipeline pipeline(parts_, options_);
  const auto stale = JobAttempt::resume(*jobs_, held.id, "another", context_);
  EXPECT_EQ(code_of([&] { pipeline.generate_artwork(*stale, artwork_request_of(kArtwork), context_); }),
            ErrorCode::lease_lost);
  EXPECT_EQ(generator_.orders_charged(), 0);
}

TEST_F(PipelineSteps, CanBeRepeatedWithoutPayingAgain) {
  create("artwork", kArtwork);
  const Job held = jobs_->claim("workflow", std::chrono::minutes(10), context_).value();
  Pipeline pipeline(parts_, options_);
  JobAttempt attempt(*jobs_, held);
  const auto first = pipeline.generate_artwork(attempt, artwork_request_of(kArtwork), context_);
  const auto second = pipeline.generate_artwork(attempt, artwork_request_of(kArtwork), context_);
  EXPECT_EQ(first.object, second.object);
  EXPECT_EQ(generator_.orders_charged(), 1);
}

TEST_F(PipelineSteps, OrderTheSameObjectAgainIfItWasRemovedWithoutPayingAgain) {
  create("artwork", kArtwork);
  const Job held = jobs_->claim("workflow", std::chrono::minutes(10), context_).value();
  Pipeline pipeline(parts_, options_);
  JobAttempt attempt(*jobs_, held);
  const auto first = pipeline.generate_artwork(attempt, artwork_request_of(kArtwork), context_);
  objects_->remove(first.object.key, context_);
  pipeline.generate_artwork(attempt, artwork_request_of(kArtwork), context_);
  EXPECT_TRUE(objects_->head(first.object.key, context_));
  EXPECT_EQ(generator_.orders_charged(), 1);
}

class Tidying : public PipelineWorld {};

TEST_F(Tidying, RemovesWhatALostAttemptLeft) {
  const Job job = create("listing", kListing);
  run_next();
  put_bytes("mockups/" + job.id + "/0123456789ab/0-room.jpg", {1});
  Pipeline pipeline(parts_, options_);
  EXPECT_EQ(pipeline.tidy(job.id, std::chrono::milliseconds(0), context_), 1);
  EXPECT_EQ(keys_under("mockups/").size(), 2U);
}

TEST_F(Tidying, LeavesYoungObjectsAlone) {
  const Job job = create("listing", kListing);
  run_next();
  put_bytes("mockups/" + job.id + "/0123456789ab/0-room.jpg", {1});
  Pipeline pipeline(parts_, options_);
  EXPECT_EQ(pipeline.tidy(job.id, std::chrono::hours(1), context_), 0);
}

TEST_F(Tidying, LeavesJobsThatAreWorkedOnAlone) {
  const Job job = create("listing", kListing);
  jobs_->claim("worker", std::chrono::minutes(1), context_);
  put_bytes("mockups/" + job.id + "/0123456789ab/0-room.jpg", {1});
  Pipeline pipeline(parts_, options_);
  EXPECT_EQ(pipeline.tidy(job.id, std::chrono::milliseconds(0), context_), 0);
}

TEST(NewPipeline, SaysWhatItLacks) {
  EXPECT_THROW(Pipeline(PipelineParts{}), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
