#include "compose/matte.h"

#include <gtest/gtest.h>

#include "support/test_images.h"

namespace vitrine {
namespace {

Region key_region() {
  Region region;
  region.quad = quad_of({20, 20, 60, 60});
  region.shows = Shows::key;
  return region;
}

// Magenta in grey; at column 20 it is half mixed, and a brown stick crosses it.
Image scene() {
  Image image = plain_image({100, 100}, PixelFormat::rgb8, {100, 100, 100});
  const MutableImageView view = image.edit();
  const auto put = [&](int x, int y, std::array<std::uint8_t, 3> color) { std::copy(color.begin(), color.end(), view.row(y) + 3 * x); };
  for (int y = 20; y < 80; ++y) {
    for (int x = 21; x < 80; ++x) put(x, y, {255, 0, 255});
    put(20, y, {178, 50, 178});
    for (int x = 46; x < 52; ++x) put(x, y, {90, 60, 20});
  }
  return image;
}

int share_at(const Matte& matte, int x, int y) { return sample(matte.image, x - matte.box.x, y - matte.box.y, 3); }

TEST(PlaceholderMatte, IsFullOnThePlaceholderAndNoneBesideIt) {
  const auto matte = measure_placeholder(scene(), key_region());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 60, 50), 255);
  EXPECT_EQ(share_at(*matte, 15, 50), 0);
}

TEST(PlaceholderMatte, KnowsTheShareOfAMixedPixelAndWhatItIsMixedWith) {
  const auto matte = measure_placeholder(scene(), key_region());
  ASSERT_TRUE(matte);
  EXPECT_NEAR(share_at(*matte, 20, 50), 128, 6);
  EXPECT_NEAR(sample(matte->image, 20 - matte->box.x, 50 - matte->box.y, 0), 100, 4);
}

TEST(PlaceholderMatte, KeepsWhatStandsInFront) {
  const auto matte = measure_placeholder(scene(), key_region());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 49, 50), 0);
}

TEST(PlaceholderMatte, TakesAFoldForShadeAndNotForAnotherThing) {
  Image folded = scene();
  const MutableImageView view = folded.edit();
  for (int y = 20; y < 80; ++y) view.row(y)[3 * 65] = view.row(y)[3 * 65 + 2] = 188;  // half the light
  const auto matte = measure_placeholder(folded, key_region());
  ASSERT_TRUE(matte);
  EXPECT_EQ(share_at(*matte, 65, 50), 255);
  EXPECT_NEAR(sample(matte->shade, 65 - matte->box.x, 50 - matte->box.y), 66, 5);
  EXPECT_EQ(sample(matte->shade, 60 - matte->box.x, 50 - matte->box.y), 128);
}

TEST(PlaceholderMatte, IsNotMeasuredWhereTheRegionIsNotFlat) {
  EXPECT_FALSE(measure_placeholder(noise_image({100, 100}, PixelFormat::rgb8, 4), key_region()));
}

TEST(PlaceholderMatte, IsNotMeasuredOnOtherSurfaces) {
  Region region = key_region();
  region.shows = Shows::plain;
  EXPECT_FALSE(measure_placeholder(scene(), region));
}

}  // namespace
}  // namespace vitrine
