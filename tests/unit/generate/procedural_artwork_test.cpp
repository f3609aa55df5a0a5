#include "vitrine/generate/procedural_artwork.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <stdexcept>

namespace vitrine {
namespace {

bool same_pixels(const Image& a, const Image& b) {
  const std::size_t bytes = static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(bytes_per_pixel(a.format()));
  for (int y = 0; y < a.height(); ++y)
    if (std::memcmp(a.row(y), b.row(y), bytes) != 0) return false;
  return true;
}

std::set<int> alphas_of(const Image& image) {
  std::set<int> alphas;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) alphas.insert(image.row(y)[4 * x + 3]);
  return alphas;
}

// Mean of each channel: what stays of a picture when it is seen from far away.
std::array<double, 3> mean_of(const Image& image) {
  std::array<double, 3> mean{};
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (std::size_t c = 0; c < 3; ++c) mean[c] += image.row(y)[3 * static_cast<std::size_t>(x) + c];
  for (double& value : mean) value /= image.width() * static_cast<double>(image.height());
  return mean;
}

class EveryStyle : public testing::TestWithParam<ArtworkStyle> {};

TEST_P(EveryStyle, SameSeedGivesTheSamePixels) {
  const ArtworkOptions options{5, {150, 200}, GetParam()};
  EXPECT_TRUE(same_pixels(make_procedural_artwork(options), make_procedural_artwork(options)));
}

TEST_P(EveryStyle, OtherSeedsGiveOtherPictures) {
  EXPECT_FALSE(same_pixels(make_procedural_artwork({1, {150, 200}, GetParam()}),
                           make_procedural_artwork({2, {150, 200}, GetParam()})));
}

TEST_P(EveryStyle, TakesTheSmallestSides) {
  EXPECT_EQ(make_procedural_artwork({1, {16, 16}, GetParam()}).size(), (Size{16, 16}));
}

TEST_P(EveryStyle, TakesAVeryLongSide) {
  EXPECT_EQ(make_procedural_artwork({1, {16, 3000}, GetParam()}).size(), (Size{16, 3000}));
  EXPECT_EQ(make_procedural_artwork({1, {3000, 16}, GetParam()}).size(), (Size{3000, 16}));
}

INSTANTIATE_TEST_SUITE_P(Styles, EveryStyle,
                         testing::Values(ArtworkStyle::line_art, ArtworkStyle::photo, ArtworkStyle::text,
                                         ArtworkStyle::transparent, ArtworkStyle::pattern, ArtworkStyle::abstract),
                         [](const auto& style) { return std::string(name_of(style.param)); });

TEST(ProceduralArtwork, OnlyTransparentHasAlpha) {
  EXPECT_EQ(make_procedural_artwork({1, {60, 80}, ArtworkStyle::transparent}).format(), PixelFormat::rgba8);
  EXPECT_EQ(make_procedural_artwork({1, {60, 80}, ArtworkStyle::text}).format(), PixelFormat::rgb8);
}

TEST(ProceduralArtwork, TransparentHasClearSoftAndSolidPixels) {
  const std::set<int> alphas = alphas_of(make_procedural_artwork({3, {300, 400}, ArtworkStyle::transparent}));
  EXPECT_EQ(*alphas.begin(), 0);
  EXPECT_EQ(*alphas.rbegin(), 255);
  EXPECT_GT(alphas.size(), 60U);
}

TEST(ProceduralArtwork, IsTheSamePictureAtAnySize) {
  const auto small = mean_of(make_procedural_artwork({4, {150, 200}, ArtworkStyle::abstract}));
  const auto large = mean_of(make_procedural_artwork({4, {600, 800}, ArtworkStyle::abstract}));
  EXPECT_NEAR(small[0], large[0], 2);
  EXPECT_NEAR(small[1], large[1], 2);
  EXPECT_NEAR(small[2], large[2], 2);
}

TEST(ProceduralArtwork, RefusesSidesOutOfRange) {
  EXPECT_THROW(make_procedural_artwork({1, {15, 100}, ArtworkStyle::text}), std::invalid_argument);
  EXPECT_THROW(make_procedural_artwork({1, {100, 16385}, ArtworkStyle::text}), std::invalid_argument);
}

TEST(ProceduralArtwork, RefusesAnUnknownStyle) {
  EXPECT_THROW(make_procedural_artwork({1, {100, 100}, static_cast<ArtworkStyle>(99)}), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
