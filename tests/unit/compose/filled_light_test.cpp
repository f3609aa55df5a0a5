#include "compose/filled_light.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

Region print() {
  Region region;
  region.quad = quad_of({10, 10, 280, 240});
  region.shows = Shows::filled;
  return region;
}

// Dark blots on white paper, in the light that `light` gives for a share of the width.
template <typename Light>
Image printed(Light light) {
  Image image({300, 260}, PixelFormat::rgb8);
  const MutableImageView view = image.edit();
  for (int y = 0; y < 260; ++y)
    for (int x = 0; x < 300; ++x) {
      const float paper = (x / 25 + y / 25) % 2 == 0 ? 0.88F : 0.2F;
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = srgb8_from_linear(paper * light(static_cast<float>(x) / 300.0F));
    }
  return image;
}

TEST(FilledLight, IsReadFromTheWhitesOfThePrint) {
  const auto light = light_on_print(printed([](float) { return 0.75F; }), print());
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(150, 130)[1], 0.75F, 0.06F);
}

TEST(FilledLight, FollowsASlopeThatWhitesShowAllOver) {
  const auto light = light_on_print(printed([](float x) { return 0.95F - 0.35F * x; }), print());
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(40, 130)[1] - light->at(260, 130)[1], 0.35F * 220 / 300, 0.06F);
}

TEST(FilledLight, IsUnknownOnAPrintWithoutWhites) {
  EXPECT_FALSE(light_on_print(plain_image({300, 260}, PixelFormat::rgb8, {90, 60, 70}), print()));
}

// A print in a fifth of full light, on a wall of the given grey.
std::optional<LightMap> dark_print_on(int wall) {
  Image room = plain_image({400, 400}, PixelFormat::rgb8, {wall, wall, wall});
  const Image dark = printed([](float) { return 0.2F; });
  const MutableImageView view = room.edit();
  for (int y = 0; y < 260; ++y) std::copy_n(dark.row(y), 900, view.row(y + 70) + 150);
  Region region = print();
  region.quad = quad_of({50, 70, 300, 260});
  return light_on_print(room, region);
}

TEST(FilledLight, IsDimInADimPhoto) {
  const auto light = dark_print_on(100);
  ASSERT_TRUE(light);
  EXPECT_LT(light->at(200, 200)[1], 0.4F);
}

TEST(FilledLight, DoesNotDarkenADarkPrintInABrightRoom) { EXPECT_FALSE(dark_print_on(210)); }

TEST(FilledLight, IsNotWorthAMapWhereItIsFull) { EXPECT_FALSE(light_on_print(printed([](float) { return 1.02F; }), print())); }

TEST(FilledLight, TakesOneWhiteCornerForNoSlope) {
  Image corner = plain_image({300, 260}, PixelFormat::rgb8, {60, 60, 60});
  const MutableImageView view = corner.edit();
  for (int y = 10; y < 80; ++y)
    for (int x = 10; x < 100; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = 215;
  const auto light = light_on_print(corner, print());
  ASSERT_TRUE(light);
  EXPECT_NEAR(light->at(30, 30)[1], light->at(270, 230)[1], 1e-5F);
}

}  // namespace
}  // namespace vitrine
