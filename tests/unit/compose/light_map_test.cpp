#include "compose/light_map.h"

#include <gtest/gtest.h>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

Region plain_region(Rect rect) {
  Region region;
  region.quad = quad_of(rect);
  region.shows = Shows::plain;
  return region;
}

// A sheet on a dark wall, lit by `light(x, y)`, a linear value.
template <typename Light>
Image sheet(Light light) {
  Image scene = plain_image({240, 200}, PixelFormat::rgb8, {40, 40, 40});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 180; ++y)
    for (int x = 20; x < 220; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = srgb8_from_linear(light(x, y));
  return scene;
}

TEST(LightMap, IsTheLightOverTheAlbedoOfPaper) {
  const auto light = measure_light(sheet([](int, int) { return 0.69F; }), plain_region({20, 20, 200, 160}));
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(120, 100).g, 0.75F, 0.01F);
}

TEST(LightMap, FollowsASoftShadow) {
  const auto light = measure_light(sheet([](int x, int) { return x < 120 ? 0.8F : 0.8F - 0.004F * static_cast<float>(x - 120); }),
                                   plain_region({20, 20, 200, 160}));
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(200, 100).g / light->at(60, 100).g, 0.48F / 0.8F, 0.03F);
}

TEST(LightMap, KeepsTheFrameOut) {
  const auto light = measure_light(sheet([](int, int) { return 0.8F; }), plain_region({19, 19, 202, 162}));
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(20, 100).g, light->at(120, 100).g, 0.01F);
}

TEST(LightMap, IsNotTakenFromAPrint) {
  const auto light = measure_light(sheet([](int x, int y) { return (x / 8 + y / 8) % 2 == 0 ? 0.9F : 0.1F; }),
                                   plain_region({20, 20, 200, 160}));
  EXPECT_FALSE(light);
}

TEST(LightMap, IsNotTakenFromBlackness) {
  EXPECT_FALSE(measure_light(plain_image({200, 200}, PixelFormat::rgb8, {0, 0, 0}), plain_region({20, 20, 150, 150})));
}

TEST(LightMap, LeavesAScreenThatIsOffBright) {
  const auto light = measure_light(plain_image({200, 200}, PixelFormat::rgb8, {35, 35, 35}), plain_region({20, 20, 150, 150}));
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(100, 100).g, 1.0F, 0.05F);
}

TEST(LightMap, IsNotMeasuredOnHolesKeysAndPrints) {
  for (const Shows shows : {Shows::hole, Shows::key, Shows::filled}) {
    Region region = plain_region({20, 20, 150, 150});
    region.shows = shows;
    EXPECT_FALSE(measure_light(plain_image({200, 200}, PixelFormat::rgb8, {200, 200, 200}), region));
  }
}

TEST(LightMap, TakesWarmLightForLightAndPaintForPaint) {
  const auto warm = measure_light(plain_image({200, 200}, PixelFormat::rgb8, {240, 228, 212}), plain_region({20, 20, 150, 150}));
  const auto red = measure_light(plain_image({200, 200}, PixelFormat::rgb8, {230, 60, 60}), plain_region({20, 20, 150, 150}));
  ASSERT_TRUE(warm && red);
  EXPECT_GT(warm->at(100, 100).r, warm->at(100, 100).b * 1.05F);
  EXPECT_NEAR(red->at(100, 100).r, red->at(100, 100).b, 0.01F);
}

}  // namespace
}  // namespace vitrine
