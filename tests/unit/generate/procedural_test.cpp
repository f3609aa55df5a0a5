#include "vitrine/generate/procedural.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

GenerationRequest request_for(std::string prompt, GenerationKind kind = GenerationKind::artwork) {
  GenerationRequest request;
  request.prompt = std::move(prompt);
  request.kind = kind;
  request.size = {160, 120};
  request.seed = 3;
  return request;
}

Bytes made(const GenerationRequest& request) {
  Context context;
  return make_procedural_generator()->generate(request, nullptr, context).bytes;
}

Bytes png_of(const Image& image) {
  EncodeOptions png;
  png.format = FileFormat::png;
  return encode_image(image, png);
}

Bytes scene_with(SceneOptions options) {
  options.seed = 3;
  options.size = {160, 120};
  return png_of(make_procedural_scene(options).image);
}

TEST(ProceduralGenerator, WordsChooseTheStyleOfAnArtwork) {
  EXPECT_EQ(made(request_for("Line art of a fern")),
            png_of(make_procedural_artwork({3, {160, 120}, ArtworkStyle::line_art})));
  EXPECT_EQ(made(request_for("a PHOTO")), png_of(make_procedural_artwork({3, {160, 120}, ArtworkStyle::photo})));
  EXPECT_EQ(made(request_for("a quote, please")), png_of(make_procedural_artwork({3, {160, 120}, ArtworkStyle::text})));
  EXPECT_EQ(made(request_for("a terrazzo pattern")),
            png_of(make_procedural_artwork({3, {160, 120}, ArtworkStyle::pattern})));
}

TEST(ProceduralGenerator, WordsInsideOthersDoNotCount) {
  EXPECT_NE(made(request_for("abstract context")),
            png_of(make_procedural_artwork({3, {160, 120}, ArtworkStyle::text})));
}

TEST(ProceduralGenerator, WordsChooseThePlaceInAScene) {
  EXPECT_EQ(made(request_for("a room with a frame in a key colour", GenerationKind::scene)),
            scene_with({.place = ScenePlace::key}));
  EXPECT_EQ(made(request_for("an empty room", GenerationKind::scene)), scene_with({.place = ScenePlace::none}));
  EXPECT_EQ(made(request_for("a frame on a wall", GenerationKind::scene)), scene_with({.place = ScenePlace::blank}));
}

TEST(ProceduralGenerator, ParametersAddToTheWords) {
  auto request = request_for("a cutout", GenerationKind::scene);
  request.parameters = {{"surfaces", "3"}, {"max_tilt_degrees", "12.5"}, {"covered", "true"}};
  EXPECT_EQ(made(request),
            scene_with({.place = ScenePlace::cutout, .surfaces = 3, .max_tilt_degrees = 12.5, .covered = true}));
}

TEST(ProceduralGenerator, WithoutASeedThePromptGivesOne) {
  auto request = request_for("a photo of a lake");
  request.seed.reset();
  auto other = request_for("a photo of a sunset");
  other.seed.reset();
  EXPECT_EQ(made(request), made(request));
  EXPECT_NE(made(request), made(other));
}

TEST(ProceduralGenerator, CostsNothing) {
  EXPECT_EQ(make_procedural_generator()->estimate(request_for("a lake")), MicroUsd{0});
}

TEST(ProceduralGenerator, AnotherProcessCanCollectTheTask) {
  Context context;
  const GenerationTask task = make_procedural_generator()->submit(request_for("a lake"), context);
  EXPECT_EQ(make_procedural_generator()->resume(task, context).bytes, made(request_for("a lake")));
}

TEST(ProceduralGenerator, ATaskWithAnotherRequestIsLost) {
  Context context;
  const auto generator = make_procedural_generator();
  GenerationTask task = generator->submit(request_for("a lake"), context);
  task.request.prompt = "a sea";
  EXPECT_EQ(generator->poll(task, context).state, GenerationState::lost);
}

TEST(ProceduralGenerator, StampsTheOrderWithItsClock) {
  Context context;
  const auto clock = std::make_shared<FakeClock>();
  EXPECT_EQ(make_procedural_generator(clock)->submit(request_for("a lake"), context).submitted_at, clock->now());
}

TEST(ProceduralGenerator, RefusesUnknownModels) {
  auto request = request_for("a lake");
  request.model = "dall-e";
  EXPECT_THROW(make_procedural_generator()->estimate(request), std::invalid_argument);
}

TEST(ProceduralGenerator, RefusesUnknownParameters) {
  auto request = request_for("a room", GenerationKind::scene);
  request.parameters = {{"steps", "28"}};
  EXPECT_THROW(make_procedural_generator()->estimate(request), std::invalid_argument);
}

TEST(ProceduralGenerator, RefusesParametersOutOfRange) {
  auto request = request_for("a room", GenerationKind::scene);
  request.parameters = {{"surfaces", "1e300"}};
  EXPECT_THROW(make_procedural_generator()->estimate(request), std::invalid_argument);
  request.parameters = {{"max_tilt_degrees", "nan"}};
  EXPECT_THROW(make_procedural_generator()->estimate(request), std::invalid_argument);
}

TEST(ProceduralGenerator, RefusesSizesThatNoSceneHas) {
  auto request = request_for("a room", GenerationKind::scene);
  request.size = {63, 120};
  EXPECT_THROW(make_procedural_generator()->estimate(request), std::invalid_argument);
}

TEST(ProceduralGenerator, NeedsAClock) { EXPECT_THROW(make_procedural_generator(nullptr), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
