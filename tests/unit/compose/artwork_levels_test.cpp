#include "compose/artwork_levels.h"

#include <gtest/gtest.h>

#include "compose/row_pairs.h"
#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// Texels of a level in linear light.
class Texels {
 public:
  Texels(ImageView artwork, Level level, Rect rect) : rect_(rect) {
    const ArtworkLevels levels(artwork);
    ArtworkLevels::Scratch scratch;
    stride_ = static_cast<std::ptrdiff_t>(rect.width + kPairSlack) * kPairValues;
    values_.resize(static_cast<std::size_t>((rect.height + 1) / 2 * stride_));
    for (int y = 0; y < rect.height; y += 2)
      levels.load_pair(level, rect.y + y, rect.x, rect.width, scratch, values_.data() + y / 2 * stride_);
  }

  float at(int x, int y, int channel) const {
    const std::ptrdiff_t row = y - rect_.y;
    const std::ptrdiff_t texel = row / 2 * stride_ + (x - rect_.x) * kPairValues;
    return static_cast<float>(values_[static_cast<std::size_t>(texel + 2 * channel + row % 2)]) / kLinearOne;
  }

 private:
  Rect rect_;
  std::ptrdiff_t stride_ = 0;
  std::vector<std::int16_t> values_;
};

constexpr float kStep = 1.0F / kLinearOne;

TEST(ArtworkLevels, LoadLinearPremultipliedLight) {
  const Image art = plain_image({4, 4}, PixelFormat::rgba8, {188, 0, 255, 128});
  const Texels texels(art, {}, {0, 0, 4, 4});
  const float alpha = 128.0F / 255.0F;
  EXPECT_NEAR(texels.at(1, 1, 0), alpha * linear_from_srgb(188.0F / 255.0F), 2 * kStep);
  EXPECT_NEAR(texels.at(1, 1, 3), alpha, kStep);
}

TEST(ArtworkLevels, RepeatTheBorderOutside) {
  const Image art = wavy_image({7, 5}, PixelFormat::rgb8);
  const Texels texels(art, {}, {-3, -2, 14, 10});
  EXPECT_EQ(texels.at(-3, -2, 1), texels.at(0, 0, 1));
  EXPECT_EQ(texels.at(10, 7, 1), texels.at(6, 4, 1));
  EXPECT_EQ(texels.at(-1, 3, 2), texels.at(0, 3, 2));
}

TEST(ArtworkLevels, RepeatTheBorderInAWindowThatMissesTheArtwork) {
  const Image art = wavy_image({7, 5}, PixelFormat::rgb8);
  const Texels inside(art, {}, {0, 0, 7, 5});
  const Texels outside(art, {}, {20, 30, 3, 3});
  EXPECT_EQ(outside.at(21, 31, 0), inside.at(6, 4, 0));
}

TEST(ArtworkLevels, HalveColumnsByThemselves) {
  const Image art = wavy_image({8, 6}, PixelFormat::gray8);
  const Texels full(art, {}, {0, 0, 8, 6});
  const Texels half(art, {1, 0}, {0, 0, 4, 6});
  EXPECT_EQ(ArtworkLevels(art).size_of({1, 0}), (Size{4, 6}));
  EXPECT_NEAR(half.at(2, 3, 0), (full.at(4, 3, 0) + full.at(5, 3, 0)) / 2, kStep);
}

TEST(ArtworkLevels, HalveRowsByThemselves) {
  const Image art = wavy_image({8, 6}, PixelFormat::gray8);
  const Texels full(art, {}, {0, 0, 8, 6});
  const Texels half(art, {0, 1}, {0, 0, 8, 3});
  EXPECT_NEAR(half.at(5, 1, 0), (full.at(5, 2, 0) + full.at(5, 3, 0)) / 2, kStep);
}

TEST(ArtworkLevels, RepeatTheLastPixelOfAnOddSide) {
  const Image art = wavy_image({7, 5}, PixelFormat::rgb8);
  const Texels full(art, {}, {0, 0, 7, 5});
  const Texels half(art, {1, 1}, {0, 0, 4, 3});
  EXPECT_NEAR(half.at(3, 2, 0), full.at(6, 4, 0), kStep);
}

TEST(ArtworkLevels, AverageLightAndNotCode) {
  Image art({2, 2}, PixelFormat::gray8);
  const MutableImageView view = art.edit();
  view.row(0)[0] = view.row(1)[1] = 255;
  const Texels texels(art, {1, 1}, {0, 0, 1, 1});
  EXPECT_NEAR(texels.at(0, 0, 0), 0.5F, kStep);
}

TEST(ArtworkLevels, KeepWhiteWhiteAtTheSmallestSize) {
  const Image art = plain_image({600, 600}, PixelFormat::rgb8, {255, 255, 255});
  const Texels texels(art, {kMostHalvings, kMostHalvings}, {0, 0, 3, 3});
  EXPECT_EQ(texels.at(1, 1, 0), 1.0F);
}

TEST(ArtworkLevels, StopAtOneTexel) {
  const Image art = plain_image({1, 5}, PixelFormat::gray8, {255});
  EXPECT_EQ(ArtworkLevels(art).size_of({6, 6}), (Size{1, 1}));
}

}  // namespace
}  // namespace vitrine
