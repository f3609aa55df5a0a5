#include "compose/light_map.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include "support/test_images.h"

namespace vitrine {
namespace {

LightMap light_on_plain(std::array<int, 3> color) {
  Region region;
  region.quad = quad_of({20, 20, 150, 150});
  region.shows = Shows::plain;
  return light_on(fit_surface(plain_image({200, 200}, PixelFormat::rgb8, {color[0], color[1], color[2]}), region).value());
}

TEST(LightMap, IsFullOnPaperInFullLight) { EXPECT_NEAR(light_on_plain({246, 246, 246}).at(100, 100)[1], 1.0F, 0.01F); }

TEST(LightMap, DimsWithDimPaper) {
  EXPECT_LT(light_on_plain({170, 170, 170}).at(100, 100)[1], 0.8F);
  EXPECT_GT(light_on_plain({170, 170, 170}).at(100, 100)[1], 0.4F);
}

TEST(LightMap, LeavesAScreenThatIsOffBright) { EXPECT_NEAR(light_on_plain({35, 35, 35}).at(100, 100)[1], 1.0F, 0.05F); }

TEST(LightMap, DoesNotAmplifyTheNoiseOfABlackSurface) {
  Image scene = noise_image({200, 200}, PixelFormat::rgb8, 6);
  const MutableImageView view = scene.edit();
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 600; ++x) view.row(y)[x] = static_cast<std::uint8_t>(24 + view.row(y)[x] % 4);
  Region region;
  region.quad = quad_of({20, 20, 150, 150});
  region.shows = Shows::plain;
  const LightMap light = light_on(fit_surface(scene, region).value());
  for (int x = 30; x < 160; x += 10) EXPECT_NEAR(light.at(x, 100)[0], 1.0F, 0.02F);
}

TEST(LightMap, KeepsTheWarmthOfTheLight) {
  const LinearColor light = light_on_plain({240, 228, 212}).at(100, 100);
  EXPECT_GT(light[0], light[2] * 1.05F);
}

TEST(LightMap, DoesNotTakePaintForLight) {
  const LinearColor light = light_on_plain({230, 60, 60}).at(100, 100);
  EXPECT_NEAR(light[0], light[2], 0.01F);
}

}  // namespace
}  // namespace vitrine
