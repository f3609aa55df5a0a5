#include "compose/artwork_levels.h"

#include <gtest/gtest.h>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

const float* texel(const Window& window, int x, int y) {
  return window.texels.data() + (static_cast<std::ptrdiff_t>(y - window.rect.y) * window.rect.width + (x - window.rect.x)) * 4;
}

TEST(ArtworkLevels, LoadsLinearPremultipliedLight) {
  const Image art = plain_image({4, 4}, PixelFormat::rgba8, {188, 0, 255, 128});
  const ArtworkLevels levels(art);
  Window window{{}, {0, 0, 4, 4}};
  levels.load({}, window);
  const float alpha = 128.0F / 255.0F;
  EXPECT_NEAR(texel(window, 1, 1)[0], alpha * linear_from_srgb(188.0F / 255.0F), 1e-6F);
  EXPECT_NEAR(texel(window, 1, 1)[3], alpha, 1e-6F);
}

TEST(ArtworkLevels, RepeatsTheBorderOutside) {
  const Image art = wavy_image({7, 5}, PixelFormat::rgb8);
  const ArtworkLevels levels(art);
  Window window{{}, {-3, -2, 14, 10}};
  levels.load({}, window);
  EXPECT_EQ(texel(window, -3, -2)[1], texel(window, 0, 0)[1]);
  EXPECT_EQ(texel(window, 10, 7)[1], texel(window, 6, 4)[1]);
  EXPECT_EQ(texel(window, -1, 3)[2], texel(window, 0, 3)[2]);
}

TEST(ArtworkLevels, RepeatsTheBorderInAWindowThatMissesTheArtwork) {
  const Image art = wavy_image({7, 5}, PixelFormat::rgb8);
  const ArtworkLevels levels(art);
  Window inside{{}, {0, 0, 7, 5}};
  levels.load({}, inside);
  Window window{{}, {20, 30, 3, 3}};
  levels.load({}, window);
  EXPECT_EQ(texel(window, 21, 31)[0], texel(inside, 6, 4)[0]);
}

TEST(ArtworkLevels, HalvesEachAxisByItself) {
  const Image art = wavy_image({8, 6}, PixelFormat::gray8);
  ArtworkLevels levels(art);
  levels.require({1, 0});
  EXPECT_EQ(levels.size_of({1, 0}), (Size{4, 6}));
  Window full{{}, {0, 0, 8, 6}};
  levels.load({}, full);
  Window half{{}, {0, 0, 4, 6}};
  levels.load({1, 0}, half);
  EXPECT_NEAR(texel(half, 2, 3)[0], (texel(full, 4, 3)[0] + texel(full, 5, 3)[0]) / 2, 1e-4F);
}

TEST(ArtworkLevels, AveragesLightAndNotCode) {
  Image art({2, 2}, PixelFormat::gray8);
  const MutableImageView view = art.edit();
  view.row(0)[0] = view.row(1)[1] = 255;
  ArtworkLevels levels(art);
  levels.require({1, 1});
  Window window{{}, {0, 0, 1, 1}};
  levels.load({1, 1}, window);
  EXPECT_NEAR(window.texels[0], 0.5F, 1e-4F);
}

TEST(ArtworkLevels, StopAtOneTexel) {
  const Image art = plain_image({1, 5}, PixelFormat::gray8, {255});
  ArtworkLevels levels(art);
  levels.require({6, 6});
  EXPECT_EQ(levels.size_of({6, 6}), (Size{1, 1}));
}

}  // namespace
}  // namespace vitrine
