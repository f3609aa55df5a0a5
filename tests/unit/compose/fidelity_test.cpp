#include "vitrine/compose/fidelity.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/test_images.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

const Quad kPlace{{{{40, 30}, {250, 42}, {240, 200}, {35, 190}}}};

Region region(Shows shows = Shows::filled) {
  Region place;
  place.quad = kPlace;
  place.shows = shows;
  return place;
}

// A sheet that is lit from the left.
Image lit_sheet() {
  Image scene({300, 240}, PixelFormat::rgb8);
  const MutableImageView view = scene.edit();
  for (int y = 0; y < 240; ++y)
    for (int x = 0; x < 300; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = srgb8_from_linear(0.9F - 0.0018F * static_cast<float>(x));
  return scene;
}

// Soft enough for the scene to hold.
Image artwork() {
  Image art({800, 600}, PixelFormat::rgb8);
  const MutableImageView view = art.edit();
  for (int y = 0; y < 600; ++y)
    for (int x = 0; x < 800; ++x)
      for (int c = 0; c < 3; ++c)
        view.row(y)[3 * x + c] = static_cast<std::uint8_t>(128 + 70 * std::sin(0.02 * x + c) * std::cos(0.025 * y));
  return art;
}

struct Made {
  Template room;
  std::vector<Placement> placements;
  Image mockup;
};

Made make(const Image& scene, const Region& place, const Image& art, Fit fit = Fit::cover, Look look = {}) {
  const auto compositor = make_perspective_compositor();
  Made made{compositor->prepare(scene, {place}), {{art, 0, fit, look}}, {}};
  made.mockup = compositor->render(made.room, made.placements);
  return made;
}

Fidelity measured(const Made& made) { return measure_fidelity(made.room, made.placements, made.mockup).at(0); }

TEST(Fidelity, FindsTheArtworkAgainOnALitSheet) {
  const Fidelity fidelity = measured(make(lit_sheet(), region(Shows::plain), artwork()));
  EXPECT_LT(fidelity.delta_e_median, 0.6);
  EXPECT_LT(fidelity.delta_e_95, 1.5);
  EXPECT_GT(fidelity.ssim, 0.99);
  EXPECT_NEAR(fidelity.sharpness, 1, 0.1);
  EXPECT_GT(fidelity.visible, 0.9);
  EXPECT_LT(fidelity.light[1], 0.95);
}

TEST(Fidelity, SeesThatAMockupShowsSomethingElse) {
  Made made = make(lit_sheet(), region(Shows::plain), artwork());
  made.placements[0].artwork = plain_image({800, 600}, PixelFormat::rgb8, {200, 40, 40});
  EXPECT_GT(measured(made).delta_e_median, 10);
}

TEST(Fidelity, SeesThatAMockupWasBlurred) {
  Made made = make(lit_sheet(), region(), wavy_image({800, 600}, PixelFormat::rgb8));
  const Image sharp = made.mockup;
  const MutableImageView view = made.mockup.edit();
  for (int y = 3; y < 237; ++y)
    for (int x = 9; x < 891; ++x) {
      int sum = 0;
      for (int dy = -3; dy <= 3; ++dy)
        for (int dx = -9; dx <= 9; dx += 3) sum += sharp.row(y + dy)[x + dx];
      view.row(y)[x] = static_cast<std::uint8_t>(sum / 49);
    }
  EXPECT_LT(measured(made).sharpness, 0.9);
}

TEST(Fidelity, FlagsAStretchOfMoreThanThreeInAHundred) {
  const Fidelity fidelity = measured(make(lit_sheet(), region(), plain_image({400, 400}, PixelFormat::rgb8, {9, 9, 9}), Fit::stretch));
  EXPECT_TRUE(fidelity.distorted);
  EXPECT_GT(fidelity.ratio_distortion, 0.2);
}

TEST(Fidelity, DoesNotFlagWhatIsCropped) {
  EXPECT_FALSE(measured(make(lit_sheet(), region(), plain_image({400, 400}, PixelFormat::rgb8, {9, 9, 9}))).distorted);
}

TEST(Fidelity, FlagsAnArtworkOfTooFewPixels) {
  const Fidelity fidelity = measured(make(lit_sheet(), region(), plain_image({80, 60}, PixelFormat::rgb8, {9, 9, 9})));
  EXPECT_TRUE(fidelity.coarse);
  EXPECT_NEAR(fidelity.scale, 80 / 210.0, 0.02);
}

TEST(Fidelity, TellsThatColoursWereMeantToChange) {
  Look look;
  look.blend = Blend::multiply;
  EXPECT_TRUE(measured(make(lit_sheet(), region(), artwork(), Fit::cover, look)).recoloured);
}

TEST(Fidelity, FindsTheArtworkAgainOnAMug) {
  Look look;
  look.cylinder = Cylinder{};
  look.light = Light::flat;
  const Fidelity fidelity = measured(make(lit_sheet(), region(), artwork(), Fit::stretch, look));
  EXPECT_LT(fidelity.delta_e_median, 1);
  EXPECT_GT(fidelity.ssim, 0.98);
}

TEST(Fidelity, FindsTheArtworkAgainInAMat) {
  Look look;
  look.light = Light::flat;
  const Fidelity fidelity = measured(make(lit_sheet(), region(), artwork(), Fit::mat, look));
  EXPECT_LT(fidelity.delta_e_median, 1);
  EXPECT_FALSE(fidelity.distorted);
}

TEST(Fidelity, ComparesNothingWhereNothingIsOpaque) {
  const Fidelity fidelity = measured(make(lit_sheet(), region(), plain_image({80, 60}, PixelFormat::rgba8, {9, 9, 9, 100})));
  EXPECT_EQ(fidelity.visible, 0);
  EXPECT_EQ(fidelity.delta_e_median, 0);
}

TEST(Fidelity, RefusesAMockupOfAnotherSize) {
  const Made made = make(lit_sheet(), region(), artwork());
  EXPECT_THROW(measure_fidelity(made.room, made.placements, plain_image({10, 10}, PixelFormat::rgb8, {0, 0, 0})), std::invalid_argument);
}

TEST(Fidelity, IsWrittenAsJson) {
  const Made made = make(lit_sheet(), region(), plain_image({40, 40}, PixelFormat::rgb8, {9, 9, 9}), Fit::stretch);
  const auto json = nlohmann::json::parse(fidelity_json(measure_fidelity(made.room, made.placements, made.mockup)));
  EXPECT_EQ(json["placements"][0]["region"], 0);
  EXPECT_EQ(json["placements"][0]["quad"].size(), 4U);
  EXPECT_EQ(json["placements"][0]["flags"], nlohmann::json({"distorted", "coarse"}));
}

}  // namespace
}  // namespace vitrine
