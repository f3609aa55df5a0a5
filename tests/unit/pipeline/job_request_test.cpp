#include "vitrine/pipeline/job_request.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "vitrine/pipeline/job_result.h"

namespace vitrine {
namespace {

TEST(ArtworkRequestJson, ComesBackAsItWas) {
  ArtworkRequest request;
  request.picture.prompt = "a \"fox\"";
  request.picture.kind = GenerationKind::scene;
  request.picture.model = "flux";
  request.picture.size = {800, 600};
  request.picture.seed = -1;
  request.picture.parameters = {{"steps", "28"}, {"format", "\"png\""}};
  request.budget = MicroUsd{50'000};
  const ArtworkRequest back = artwork_request_of(to_json(request));
  EXPECT_EQ(back.picture.prompt, request.picture.prompt);
  EXPECT_EQ(back.picture.kind, GenerationKind::scene);
  EXPECT_EQ(back.picture.size, (Size{800, 600}));
  EXPECT_EQ(back.picture.seed, -1);
  EXPECT_EQ(back.picture.parameters, request.picture.parameters);
  EXPECT_EQ(back.budget, MicroUsd{50'000});
}

TEST(MockupRequestJson, ComesBackAsItWas) {
  MockupRequest request;
  request.artwork = {Source::Kind::object, "art/red.png", std::string(64, 'a')};
  SceneRequest scene;
  scene.id = "loft";
  scene.source = {Source::Kind::url, "https://a.example/r.png", {}};
  scene.quad = quad_of({1, 2, 30, 40});
  scene.fit = Fit::contain;
  scene.look = Look{};
  scene.look->light = Light::flat;
  scene.look->opacity = 0.5;
  request.scenes = {scene};
  request.encoding.format = FileFormat::webp;
  request.encoding.quality = 77;
  request.partial = Partial::fail;
  const MockupRequest back = mockup_request_of(to_json(request));
  EXPECT_EQ(back.artwork, request.artwork);
  ASSERT_EQ(back.scenes.size(), 1U);
  EXPECT_EQ(back.scenes[0].source, scene.source);
  EXPECT_EQ(back.scenes[0].quad, scene.quad);
  EXPECT_EQ(back.scenes[0].fit, Fit::contain);
  EXPECT_EQ(back.scenes[0].look->opacity, 0.5);
  EXPECT_EQ(back.encoding.format, FileFormat::webp);
  EXPECT_EQ(back.encoding.quality, 77);
  EXPECT_EQ(back.partial, Partial::fail);
}

TEST(MockupRequestJson, IgnoresNamesThatItDoesNotKnow) {
  EXPECT_NO_THROW(mockup_request_of(R"({"artwork":"a.png","scenes":["b.png"],"createdAt":1})"));
}

TEST(MockupOrderJson, ComesBackAsItWas) {
  MockupOrder order;
  order.artwork = {Source::Kind::object, "art/red.png", {}};
  order.scene.id = "loft";
  order.scene.source = {Source::Kind::path, "rooms/loft.jpg", {}};
  order.fit = Fit::stretch;
  order.encoding.quality = 90;
  order.key_stem = "mockups/1/a";
  const MockupOrder back = mockup_order_of(to_json(order));
  EXPECT_EQ(back.artwork, order.artwork);
  EXPECT_EQ(back.scene.source, order.scene.source);
  EXPECT_EQ(back.scene.id, "loft");
  EXPECT_EQ(back.fit, Fit::stretch);
  EXPECT_EQ(back.encoding.quality, 90);
  EXPECT_EQ(back.key_stem, "mockups/1/a");
}

TEST(MockupOrderJson, NeedsArtworkSceneAndKey) {
  EXPECT_THROW(mockup_order_of(R"({"artwork":"a","scene":"b"})"), std::invalid_argument);
  EXPECT_THROW(mockup_order_of(R"({"artwork":"a","key_stem":"k"})"), std::invalid_argument);
  EXPECT_THROW(mockup_order_of(R"({"scene":"b","key_stem":"k"})"), std::invalid_argument);
}

struct Wrong {
  const char* json;
  const char* told;
};
class WrongRequest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongRequest, IsRefusedWithTheFieldAndTheRule) {
  const auto read = [] { mockup_request_of(GetParam().json); };
  EXPECT_THROW(read(), std::invalid_argument);
  EXPECT_NE(message_of(read).find(GetParam().told), std::string::npos) << message_of(read);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongRequest,
    ::testing::Values(
        Wrong{"[]", "not a JSON object"}, Wrong{"{", "not a JSON object"}, Wrong{"{}", "'artwork' is missing"},
        Wrong{R"({"artwork":7})", "artwork is 7"}, Wrong{R"({"artwork":"../etc"})", ""},
        Wrong{R"({"artwork":{"url":"ftp://a"}})", "https://"},
        Wrong{R"({"artwork":{"url":"https://a","path":"b"}})", "exactly one"},
        Wrong{R"({"artwork":{"object":{"key":"a","sha256":"XYZ"}}})", "64 lower-case hex digits"},
        Wrong{R"({"artwork":{"object":{"key":"a","size":-1}}})", "'size' is -1"},
        Wrong{R"({"artwork":"a","scenes":{}})", "'scenes' is {}"},
        Wrong{R"({"artwork":"a","scenes":[3]})", "scenes[0] is 3"},
        Wrong{R"({"artwork":"a","scenes":[{"object":"b","id":"x"},{"object":"c","id":"x"}]})", "Two scenes"},
        Wrong{R"({"artwork":"a","scenes":[{"object":"b","quad":[[0,0],[1,0],[1,1]]}]})", "four corners"},
        Wrong{R"({"artwork":"a","scenes":[{"object":"b","quad":[[0,0],[1,0],[1,1],[0,1e99]]}]})", "four corners"},
        Wrong{R"({"artwork":"a","fit":"squeeze"})", "one of cover, contain, stretch"},
        Wrong{R"({"artwork":"a","look":{"opacity":2}})", "'opacity' is 2"},
        Wrong{R"({"artwork":"a","quality":0})", "from 1 to 100"},
        Wrong{R"({"artwork":"a","quality":18446744073709551615})", "from 1 to 100"},
        Wrong{R"({"artwork":"a","format":"gif"})", "one of jpeg, png, webp"},
        Wrong{R"({"artwork":"a","partial":"maybe"})", "complete, fail"},
        Wrong{R"({"artwork":{"order":{"prompt":""}}})", "artwork.order: 'prompt'"},
        Wrong{R"({"artwork":{"order":{"prompt":"a","size":[1]}}})", "[width, height]"},
        Wrong{R"({"artwork":{"order":{"prompt":"a","size":[1,99999]}}})", "[width, height]"},
        Wrong{R"({"artwork":{"order":{"prompt":"a","budget_micro_usd":-5}}})", "'budget_micro_usd' is -5"},
        Wrong{R"({"artwork":{"order":{"prompt":"a","seed":1.5}}})", "'seed' is 1.5"}));

TEST(ShownSource, HidesWhatMayBeSecretInAnAddress) {
  EXPECT_EQ(shown({Source::Kind::url, "https://u:p@a.example/x/y.png?token=1#z", {}}), "https://a.example/x/y.png");
}

TEST(SceneOutcomeJson, ComesBackAsItWas) {
  SceneOutcome outcome;
  outcome.scene = "loft";
  outcome.object = ObjectRef{"mockups/1.png", std::string(64, 'b'), 12, "image/png"};
  outcome.size = {10, 20};
  outcome.region = Region{};
  outcome.region->quad = quad_of({1, 2, 3, 4});
  outcome.region->shows = Shows::blank;
  outcome.regions = 3;
  const SceneOutcome back = scene_outcome_of(to_json(outcome));
  EXPECT_EQ(back.object, outcome.object);
  EXPECT_EQ(back.region->quad, outcome.region->quad);
  EXPECT_EQ(back.region->shows, Shows::blank);
  EXPECT_EQ(back.regions, 3);
}

TEST(SceneOutcomeJson, NeedsAnObjectOrAReason) {
  EXPECT_THROW(scene_outcome_of(R"({"scene":"loft"})"), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
