#include <gtest/gtest.h>

#include <array>

#include "compose/matte.h"
#include "support/test_images.h"

namespace vitrine {
namespace {

Region plain_region(const Quad& quad) {
  Region region;
  region.quad = quad;
  region.shows = Shows::plain;
  return region;
}

using Rgb = std::array<std::uint8_t, 3>;

void put(const MutableImageView& view, int x, int y, Rgb color) { std::copy(color.begin(), color.end(), view.row(y) + 3 * x); }

// A white sheet from (20.5, 20) to (100, 80) on black: its left column is half and half. A green leaf covers a part of it.
Image scene() {
  Image image = plain_image({120, 100}, PixelFormat::rgb8, {0, 0, 0});
  const MutableImageView view = image.edit();
  for (int y = 20; y < 80; ++y) {
    put(view, 20, y, {120, 120, 120});
    for (int x = 21; x < 100; ++x) put(view, x, y, {240, 240, 240});
  }
  for (int y = 40; y < 80; ++y) {
    put(view, 49, y, {130, 160, 130});
    for (int x = 50; x < 70; ++x) put(view, x, y, {20, 80, 20});
  }
  return image;
}

const Quad kSheet{{{{20.5, 20}, {100, 20}, {100, 80}, {20.5, 80}}}};

Matte cover() {
  const Region region = plain_region(kSheet);
  return measure_cover(scene(), region, fit_surface(scene(), region).value()).value();
}

int share_at(const Matte& matte, int x, int y) { return sample(matte.image, x - matte.box.x, y - matte.box.y, 3); }

TEST(CoverMatte, IsFullOnTheBareSurface) { EXPECT_EQ(share_at(cover(), 90, 70), 255); }

TEST(CoverMatte, IsNoneOnWhatStandsInFront) { EXPECT_EQ(share_at(cover(), 60, 50), 0); }

TEST(CoverMatte, TakesWhatLiesFreeInsideForPrint) {
  Image printed = scene();
  const MutableImageView view = printed.edit();
  for (int y = 30; y < 36; ++y)
    for (int x = 75; x < 90; ++x) put(view, x, y, {200, 30, 30});
  const Region region = plain_region(kSheet);
  const auto matte = measure_cover(printed, region, fit_surface(printed, region).value());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 80, 33), 255);
}

TEST(CoverMatte, TakesALineAlongASideForTheFrames) {
  Image lipped = scene();
  const MutableImageView view = lipped.edit();
  for (int x = 21; x < 100; ++x) put(view, x, 23, {15, 15, 15});
  const Region region = plain_region(kSheet);
  const auto matte = measure_cover(lipped, region, fit_surface(lipped, region).value());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 80, 23), 255);
}

TEST(CoverMatte, DoesNotTakeABrightThingOfTheSameTintForTheSurface) {
  Image lamp = plain_image({120, 100}, PixelFormat::rgb8, {0, 0, 0});
  const MutableImageView view = lamp.edit();
  for (int y = 20; y < 80; ++y)
    for (int x = 21; x < 100; ++x) put(view, x, y, {170, 170, 170});
  for (int y = 45; y < 80; ++y)
    for (int x = 50; x < 80; ++x) put(view, x, y, {200, 140, 60});  // a rim of another tint
  for (int y = 50; y < 80; ++y)
    for (int x = 55; x < 75; ++x) put(view, x, y, {250, 250, 250});  // a middle that is only brighter
  const Region region = plain_region(kSheet);
  const auto matte = measure_cover(lamp, region, fit_surface(lamp, region).value());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 65, 65), 0);
}

TEST(CoverMatte, IsSoftAtTheEdgeOfALeaf) { EXPECT_NEAR(share_at(cover(), 49, 50), 128, 10); }

TEST(CoverMatte, KnowsWhatASidePixelIsMixedWith) {
  EXPECT_NEAR(share_at(cover(), 20, 30), 128, 6);
  EXPECT_NEAR(sample(cover().image, 20 - cover().box.x, 30 - cover().box.y, 0), 0, 3);
}

TEST(CoverMatte, TakesAShadowForLight) {
  Image shadowed = scene();
  const MutableImageView view = shadowed.edit();
  for (int y = 62; y < 78; ++y)
    for (int x = 60; x < 95; ++x) put(view, x, y, {150, 150, 150});
  const Region region = plain_region(kSheet);
  const auto matte = measure_cover(shadowed, region, fit_surface(shadowed, region).value());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 75, 70), 255);
}

TEST(CoverMatte, TakesAreaForShareBesideAFrameOfTheSameColour) {
  const Image pale = plain_image({120, 100}, PixelFormat::rgb8, {236, 236, 236});
  const Region region = plain_region(kSheet);
  const auto matte = measure_cover(pale, region, fit_surface(pale, region).value());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 60, 50), 255);
}

}  // namespace
}  // namespace vitrine
