#include "vitrine/pipeline/mockup.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/compose/mock.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/mock.h"

namespace vitrine {
namespace {

Image scene_with_hole() {
  Image scene = plain_image({300, 240}, PixelFormat::rgba8, {120, 110, 100, 255});
  const MutableImageView view = scene.edit();
  for (int y = 60; y < 180; ++y)
    for (int x = 80; x < 220; ++x) view.row(y)[4 * x + 3] = 0;
  return scene;
}

TEST(MakeMockup, FindsTheHoleAndFillsIt) {
  const Image mockup = make_mockup(plain_image({70, 60}, PixelFormat::rgb8, {10, 20, 230}), scene_with_hole());
  EXPECT_EQ(pixel(mockup, 150, 120), (std::array<int, 4>{10, 20, 230, 0}));
  EXPECT_EQ(pixel(mockup, 20, 20), (std::array<int, 4>{120, 110, 100, 0}));
}

TEST(PrepareScene, PassesOnTheDetectorsReasonWhenNothingIsFound) {
  MockDetectorOptions blind;
  blind.regions = std::vector<Region>{};
  blind.reason = "The wall is bare. Hang a frame.";
  Context context;
  const auto prepare = [&] {
    prepare_scene(scene_with_hole(), *make_mock_detector(blind), {}, *make_mock_compositor(), context);
  };
  EXPECT_EQ(code_of(prepare), ErrorCode::no_suitable_region);
  EXPECT_EQ(message_of(prepare), "The wall is bare. Hang a frame.");
}

TEST(PrepareScene, SaysWhatToDoWhenTheDetectorSaysNothing) {
  MockDetectorOptions silent;
  silent.regions = std::vector<Region>{};
  silent.reason = "";
  Context context;
  EXPECT_NE(message_of([&] {
              prepare_scene(scene_with_hole(), *make_mock_detector(silent), {}, *make_mock_compositor(), context);
            }).find("corners"),
            std::string::npos);
}

TEST(PrepareScene, AppliesThePolicy) {
  RegionPolicy picky;
  picky.min_confidence = 1;
  MockDetectorOptions unsure;
  unsure.regions = std::vector<Region>(1);
  unsure.regions->front().quad = quad_of({10, 10, 90, 90});
  unsure.regions->front().confidence = 0.9;
  Context context;
  EXPECT_EQ(code_of([&] {
              prepare_scene(scene_with_hole(), *make_mock_detector(unsure), picky, *make_mock_compositor(), context);
            }),
            ErrorCode::no_suitable_region);
}

}  // namespace
}  // namespace vitrine
