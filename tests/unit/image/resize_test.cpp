#include "vitrine/image/resize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// Means of all that a result pixel covers, in double and the plainest way there is.
Image area_average(const Image& image, Size size) {
  Image result(size, image.format());
  const MutableImageView view = result.edit();
  const int count = channels(image.format());
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const double left = double(x) * image.width() / size.width;
      const double right = double(x + 1) * image.width() / size.width;
      const double top = double(y) * image.height() / size.height;
      const double bottom = double(y + 1) * image.height() / size.height;
      std::array<double, 4> sum{};
      double alpha_sum = 0;
      double weight_sum = 0;
      for (int j = static_cast<int>(top); j < std::min(image.height(), static_cast<int>(std::ceil(bottom))); ++j)
        for (int i = static_cast<int>(left); i < std::min(image.width(), static_cast<int>(std::ceil(right))); ++i) {
          const double weight = (std::min(right, i + 1.0) - std::max(left, double(i))) *
                                (std::min(bottom, j + 1.0) - std::max(top, double(j)));
          const double alpha = count == 4 ? sample(image, i, j, 3) / 255.0 : 1;
          for (int c = 0; c < std::min(count, 3); ++c)
            sum[std::size_t(c)] += weight * alpha * double(linear_from_srgb8()[sample(image, i, j, c)]);
          alpha_sum += weight * alpha;
          weight_sum += weight;
        }
      for (int c = 0; c < std::min(count, 3); ++c)
        view.row(y)[x * count + c] = srgb8_from_linear(alpha_sum > 0 ? float(sum[std::size_t(c)] / alpha_sum) : 0);
      if (count == 4) view.row(y)[4 * x + 3] = static_cast<std::uint8_t>(std::lround(alpha_sum / weight_sum * 255));
    }
  return result;
}

class ResizeOf : public ::testing::TestWithParam<PixelFormat> {};

TEST_P(ResizeOf, ShrinksByTheExactAreaAverage) {
  const Image image = noise_image({61, 47}, GetParam(), 11);
  // One level where float and double fall on two sides of a half.
  EXPECT_LE(largest_difference(resize(image, {20, 13}), area_average(image, {20, 13})), 1);
  EXPECT_LE(largest_difference(resize(image, {60, 46}), area_average(image, {60, 46})), 1);
  EXPECT_LE(largest_difference(resize(image, {1, 1}), area_average(image, {1, 1})), 1);
}

TEST_P(ResizeOf, KeepsAPlainColourAtAnySize) {
  const Image image = plain_image({37, 23}, GetParam(), {90, 13, 201, 77});
  for (const Size size : {Size{10, 7}, Size{37, 5}, Size{100, 99}, Size{1, 60}}) {
    const Image result = resize(image, size);
    const Image expected = plain_image(size, GetParam(), {90, 13, 201, 77});
    EXPECT_EQ(largest_difference(result, expected), 0) << size.width << " x " << size.height;
  }
}

TEST_P(ResizeOf, CopiesAtTheSameSize) {
  const Image image = noise_image({37, 23}, GetParam(), 12);
  EXPECT_EQ(largest_difference(resize(image, image.size()), image), 0);
}

TEST_P(ResizeOf, FlipsWithItsSource) {
  const Image image = noise_image({16, 12}, GetParam(), 13);
  ImageView flipped = image;
  flipped.data = image.row(11);
  flipped.stride = -image.view().stride;
  for (const Size size : {Size{7, 5}, Size{40, 30}}) {
    const Image upright = resize(image, size);
    ImageView expected = upright;
    expected.data = upright.row(size.height - 1);
    expected.stride = -upright.view().stride;
    EXPECT_LE(largest_difference(resize(flipped, size), Image(expected)), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(EachFormat, ResizeOf,
                         ::testing::Values(PixelFormat::gray8, PixelFormat::rgb8, PixelFormat::rgba8));

TEST(Resize, AveragesLightNotCodeValues) {
  Image image({2, 1}, PixelFormat::gray8);
  image.edit().row(0)[1] = 255;
  EXPECT_EQ(sample(resize(image, {1, 1}), 0, 0), 188);  // half the light, not 128
}

TEST(Resize, LetsTransparentColourHaveNoSay) {
  Image image({2, 1}, PixelFormat::rgba8);
  const MutableImageView view = image.edit();
  view.row(0)[0] = 200, view.row(0)[3] = 255;  // opaque red beside transparent green
  view.row(0)[5] = 255;
  EXPECT_EQ(pixel(resize(image, {1, 1}), 0, 0), (std::array{200, 0, 0, 128}));
}

TEST(Resize, GrowsALinearRampWithoutSteps) {
  // Catmull-Rom goes through a straight line exactly: light 0, 0.1 … 0.7 at four times the size.
  Image image({8, 1}, PixelFormat::gray8);
  for (int x = 0; x < 8; ++x) image.edit().row(0)[x] = srgb8_from_linear(0.1F * static_cast<float>(x));
  const Image result = resize(image, {32, 1});
  for (int x = 8; x < 24; ++x) {
    const float light = 0.1F * ((static_cast<float>(x) + 0.5F) / 4 - 0.5F);
    EXPECT_NEAR(sample(result, x, 0), srgb8_from_linear(light), 2) << x;
  }
}

TEST(Resize, GrowsThroughTheSourceSamples) {
  const Image image = noise_image({9, 9}, PixelFormat::rgb8, 14);
  const Image result = resize(image, {27, 27});
  // At three times the size the middle of each source pixel is the middle of a result pixel.
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 9; ++x) EXPECT_EQ(pixel(result, 3 * x + 1, 3 * y + 1), pixel(image, x, y));
}

TEST(Resize, ShrinksOneWayAndGrowsTheOther) {
  const Image image = wavy_image({40, 10}, PixelFormat::rgb8);
  EXPECT_EQ(resize(image, {10, 40}).size(), (Size{10, 40}));
}

TEST(Resize, RefusesMisuse) {
  const Image image({4, 4}, PixelFormat::rgb8);
  EXPECT_THROW(resize(image, {0, 4}), std::invalid_argument);
  EXPECT_THROW(resize(image, {4, -1}), std::invalid_argument);
  EXPECT_THROW(resize(ImageView(), {4, 4}), std::invalid_argument);
  EXPECT_THROW(resize(Image({4, 4}, PixelFormat::rgb_f32), {2, 2}), std::invalid_argument);
}

TEST(FitWithin, TakesTheTighterSide) {
  EXPECT_EQ(fit_within({400, 200}, {100, 100}), (Size{100, 50}));
  EXPECT_EQ(fit_within({200, 400}, {100, 100}), (Size{50, 100}));
  EXPECT_EQ(fit_within({400, 200}, {100, 20}), (Size{40, 20}));
}

TEST(FitWithin, NeverEnlarges) { EXPECT_EQ(fit_within({40, 20}, {100, 100}), (Size{40, 20})); }

TEST(FitWithin, KeepsAtLeastOnePixel) {
  EXPECT_EQ(fit_within({10'000, 1}, {10, 10}), (Size{10, 1}));
  EXPECT_EQ(fit_within({1, 10'000}, {10, 10}), (Size{1, 10}));
}

TEST(FitWithin, CountsFarBeyondAnInt) {
  EXPECT_EQ(fit_within({2'000'000'000, 1'000'000'000}, {1'500'000'000, 1'500'000'000}),
            (Size{1'500'000'000, 750'000'000}));
}

TEST(FitWithin, RefusesSidesThatAreNotPositive) {
  EXPECT_THROW(fit_within({0, 10}, {10, 10}), std::invalid_argument);
  EXPECT_THROW(fit_within({10, 10}, {10, 0}), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
