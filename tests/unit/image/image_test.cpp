#include "vitrine/image/image.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <new>
#include <utility>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

TEST(Image, StartsEmpty) {
  EXPECT_TRUE(Image().empty());
  EXPECT_EQ(Image().byte_size(), 0U);
  EXPECT_THROW(Image().edit(), std::invalid_argument);
}

TEST(Image, StartsWithZeros) {
  const Image image({3, 2}, PixelFormat::rgba8);
  EXPECT_EQ(image.byte_size(), 24U);
  EXPECT_EQ(pixel(image, 2, 1), (std::array{0, 0, 0, 0}));
}

TEST(Image, RefusesSidesThatAreNotPositive) {
  EXPECT_THROW(Image({0, 2}, PixelFormat::rgb8), std::invalid_argument);
  EXPECT_THROW(Image({2, -1}, PixelFormat::rgb8), std::invalid_argument);
}

TEST(Image, CopiesShareUntilOneIsEdited) {
  const Image original = plain_image({4, 4}, PixelFormat::gray8, {7});
  Image copy = original;
  EXPECT_EQ(copy.row(0), original.row(0));
  copy.edit().row(0)[0] = 9;
  EXPECT_EQ(sample(original, 0, 0), 7);
  EXPECT_EQ(sample(copy, 0, 0), 9);
  EXPECT_EQ(sample(copy, 1, 0), 7);
}

TEST(Image, AloneIsEditedInPlace) {
  Image image = plain_image({4, 4}, PixelFormat::gray8, {7});
  const std::uint8_t* pixels = image.row(0);
  EXPECT_EQ(image.edit().data, pixels);
}

TEST(Image, MovedFromIsEmpty) {
  Image from = plain_image({4, 4}, PixelFormat::gray8, {7});
  const Image to = std::move(from);
  EXPECT_EQ(to.size(), (Size{4, 4}));
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): what the header promises
}

TEST(Image, SharesForeignPixelsUntilEdited) {
  const auto owner = std::make_shared<std::array<std::uint8_t, 6>>(std::array<std::uint8_t, 6>{1, 2, 3, 4, 5, 6});
  Image image = Image::sharing({owner->data(), {3, 2}, PixelFormat::gray8, 3}, owner);
  EXPECT_EQ(image.row(1), owner->data() + 3);
  EXPECT_EQ(owner.use_count(), 2);
  image.edit().row(0)[0] = 99;
  EXPECT_EQ((*owner)[0], 1);
  EXPECT_EQ(owner.use_count(), 1);
}

TEST(Image, RefusesToShareNothing) { EXPECT_THROW(Image::sharing({}, nullptr), std::invalid_argument); }

TEST(ImageView, CropsByArithmetic) {
  const Image image = noise_image({10, 8}, PixelFormat::rgb8, 2);
  const Image crop(image.view().crop({3, 2, 4, 5}));
  EXPECT_EQ(crop.size(), (Size{4, 5}));
  EXPECT_EQ(pixel(crop, 0, 0), pixel(image, 3, 2));
  EXPECT_EQ(pixel(crop, 3, 4), pixel(image, 6, 6));
}

TEST(ImageView, RefusesACropThatReachesOutside) {
  const Image image({10, 8}, PixelFormat::rgb8);
  const int most = std::numeric_limits<int>::max();
  EXPECT_NO_THROW(image.view().crop({0, 0, 10, 8}));
  EXPECT_THROW(image.view().crop({0, 0, 11, 8}), std::invalid_argument);
  EXPECT_THROW(image.view().crop({-1, 0, 4, 4}), std::invalid_argument);
  EXPECT_THROW(image.view().crop({5, 5, most, most}), std::invalid_argument);
  EXPECT_THROW(image.view().crop({0, 0, 0, 4}), std::invalid_argument);
}

TEST(Convert, MakesGrayByLuma) {
  const auto gray_of = [](int r, int g, int b) {
    return int{sample(convert(plain_image({1, 1}, PixelFormat::rgb8, {r, g, b}), PixelFormat::gray8), 0, 0)};
  };
  EXPECT_EQ(gray_of(255, 255, 255), 255);
  EXPECT_EQ(gray_of(255, 0, 0), 54);
  EXPECT_EQ(gray_of(0, 255, 0), 182);
  EXPECT_EQ(gray_of(0, 0, 255), 18);
}

TEST(Convert, AddsOpaqueAlphaAndDropsIt) {
  const Image rgb = noise_image({5, 4}, PixelFormat::rgb8, 3);
  const Image rgba = convert(rgb, PixelFormat::rgba8);
  EXPECT_EQ(sample(rgba, 4, 3, 3), 255);
  EXPECT_EQ(largest_difference(convert(rgba, PixelFormat::rgb8), rgb), 0);
}

TEST(Convert, SpreadsGray) {
  const Image gray = plain_image({2, 2}, PixelFormat::gray8, {9});
  EXPECT_EQ(pixel(convert(gray, PixelFormat::rgb8), 1, 1), (std::array{9, 9, 9, 0}));
  EXPECT_EQ(pixel(convert(gray, PixelFormat::rgba8), 1, 1), (std::array{9, 9, 9, 255}));
}

TEST(Convert, RefusesFloats) {
  EXPECT_THROW(convert(Image({2, 2}, PixelFormat::rgb_f32), PixelFormat::rgb8), std::invalid_argument);
  EXPECT_THROW(convert(Image({2, 2}, PixelFormat::rgb8), PixelFormat::gray_f32), std::invalid_argument);
}

TEST(Flatten, BlendsInLinearLight) {
  const Image half = plain_image({1, 1}, PixelFormat::rgba8, {0, 255, 255, 128});
  const int expected = srgb8_from_linear(1 - 128 / 255.0F);
  EXPECT_EQ(pixel(flatten(half), 0, 0), (std::array{expected, 255, 255, 0}));
}

TEST(Flatten, KeepsOpaquePixels) {
  EXPECT_EQ(pixel(flatten(plain_image({1, 1}, PixelFormat::rgba8, {1, 2, 3, 255})), 0, 0), (std::array{1, 2, 3, 0}));
}

TEST(Flatten, ShowsTheGroundWhereNothingIs) {
  EXPECT_EQ(pixel(flatten(plain_image({1, 1}, PixelFormat::rgba8, {1, 2, 3, 0}), 77), 0, 0),
            (std::array{77, 77, 77, 0}));
}

TEST(HasTransparency, LooksAtEveryPixel) {
  Image image = plain_image({5, 4}, PixelFormat::rgba8, {1, 2, 3, 255});
  EXPECT_FALSE(has_transparency(image));
  image.edit().row(3)[4 * 4 + 3] = 254;
  EXPECT_TRUE(has_transparency(image));
  EXPECT_FALSE(has_transparency(Image({2, 2}, PixelFormat::rgb8)));
}

}  // namespace
}  // namespace vitrine
