#include "compose/surface_fit.h"

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

TEST(FitSurface, GivesTheSurfacesOwnColour) {
  const auto fit = fit_surface(sheet([](int, int) { return 0.69F; }), plain_region({20, 20, 200, 160}));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->color.at(120, 100)[1], 0.69F, 0.01F);
}

TEST(FitSurface, FollowsASoftShadow) {
  const auto fit = fit_surface(sheet([](int x, int) { return x < 120 ? 0.8F : 0.8F - 0.004F * static_cast<float>(x - 120); }),
                               plain_region({20, 20, 200, 160}));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->color.at(200, 100)[1] / fit->color.at(60, 100)[1], 0.48F / 0.8F, 0.03F);
}

TEST(FitSurface, KeepsTheFrameOut) {
  const auto fit = fit_surface(sheet([](int, int) { return 0.8F; }), plain_region({19, 19, 202, 162}));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->color.at(20, 100)[1], fit->color.at(120, 100)[1], 0.01F);
}

TEST(FitSurface, BridgesWhatStandsInFront) {
  Image scene = sheet([](int, int) { return 0.8F; });
  const MutableImageView view = scene.edit();
  for (int y = 60; y < 140; ++y)
    for (int x = 100; x < 130; ++x) view.row(y)[3 * x] = 30, view.row(y)[3 * x + 1] = 90, view.row(y)[3 * x + 2] = 20;
  const auto fit = fit_surface(scene, plain_region({20, 20, 200, 160}));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->color.at(115, 100)[0], 0.8F, 0.02F);
}

TEST(FitSurface, RefusesAPrint) {
  EXPECT_FALSE(fit_surface(sheet([](int x, int y) { return (x / 8 + y / 8) % 2 == 0 ? 0.9F : 0.1F; }),
                           plain_region({20, 20, 200, 160})));
}

TEST(FitSurface, RefusesBlackness) {
  EXPECT_FALSE(fit_surface(plain_image({200, 200}, PixelFormat::rgb8, {0, 0, 0}), plain_region({20, 20, 150, 150})));
}

TEST(FitSurface, RefusesARegionOfAFewPixels) {
  EXPECT_FALSE(fit_surface(plain_image({200, 200}, PixelFormat::rgb8, {200, 200, 200}), plain_region({20, 20, 5, 5})));
}

}  // namespace
}  // namespace vitrine
