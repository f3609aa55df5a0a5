#include "compose/surface_mask.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/test_images.h"

namespace vitrine {
namespace {

constexpr Size kSize{300, 260};

Region sheet() {
  Region region;
  region.quad = quad_of({10, 10, 280, 240});
  region.shows = Shows::plain;
  return region;
}

using Rgb = std::array<int, 3>;

// White paper in light that falls off, changed by `paint` where it gives a colour.
template <typename Paint>
Image paper(Paint paint) {
  Image image(kSize, PixelFormat::rgb8);
  const MutableImageView view = image.edit();
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      const Rgb color = paint(x, y, 235 - x / 6);
      for (std::size_t c = 0; c < 3; ++c) view.row(y)[3 * x + static_cast<int>(c)] = static_cast<std::uint8_t>(color[c]);
    }
  return image;
}

SurfaceMask::Cell cell_at(const Image& scene, int x, int y) { return find_surface(scene, sheet()).at_pixel(x, y); }

TEST(SurfaceMask, FollowsLightThatFallsOff) {
  const Image scene = paper([](int, int, int light) { return Rgb{light, light, light}; });
  EXPECT_EQ(cell_at(scene, 280, 130), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, FollowsTheLightFromLampToWindow) {
  const Image scene = paper([](int, int y, int light) { return Rgb{light, light - y / 20, light - y / 10}; });
  EXPECT_EQ(cell_at(scene, 150, 20), SurfaceMask::Cell::surface);
  EXPECT_EQ(cell_at(scene, 150, 240), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, WalksIntoASoftShadow) {
  const Image scene = paper([](int x, int y, int light) {
    const double shade = 1 - 0.5 * std::exp(-((x - 150.0) * (x - 150.0) + (y - 130.0) * (y - 130.0)) / 2000);
    const int value = static_cast<int>(light * shade);
    return Rgb{value, value, value};
  });
  EXPECT_EQ(cell_at(scene, 150, 130), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, TellsALeaf) {
  const Image scene = paper([](int x, int y, int light) {
    return (x - 150) * (x - 150) + (y - 130) * (y - 130) < 1600 ? Rgb{60, 95, 50} : Rgb{light, light, light};
  });
  EXPECT_EQ(cell_at(scene, 150, 130), SurfaceMask::Cell::other);
  EXPECT_EQ(cell_at(scene, 220, 130), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, TellsAPotThatIsNearlyAsBrightAndAsGreyAsThePaper) {
  const Image scene = paper([](int x, int y, int light) {
    return x > 100 && x < 180 && y > 120 ? Rgb{196, 180, 168} : Rgb{light, light, light};
  });
  EXPECT_EQ(cell_at(scene, 140, 200), SurfaceMask::Cell::other);
}

TEST(SurfaceMask, SeesThroughGapsBetweenLeaves) {
  const Image scene = paper([](int x, int y, int light) {
    const bool leaf = x > 60 && x < 220 && y > 60 && y < 200 && !(x > 120 && x < 140 && y > 110 && y < 140);
    return leaf ? Rgb{50, 90, 45} : Rgb{light, light, light};
  });
  EXPECT_EQ(cell_at(scene, 130, 125), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, TakesASharpShadowWithoutAColourOfItsOwnForLight) {
  const Image scene = paper([](int x, int y, int light) {
    const int value = x + y < 220 ? light * 6 / 10 : light;
    return Rgb{value, value, value};
  });
  EXPECT_EQ(cell_at(scene, 60, 60), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, FollowsASheetOfTheStrongestColour) {
  const Image scene = paper([](int, int, int) { return Rgb{255, 0, 0}; });
  EXPECT_EQ(cell_at(scene, 150, 130), SurfaceMask::Cell::surface);
}

TEST(SurfaceMask, AcceptsARegionOfAFewPixels) {
  Region tiny;
  tiny.quad = quad_of({10, 10, 5, 5});
  const SurfaceMask mask = find_surface(plain_image(kSize, PixelFormat::rgb8, {200, 200, 200}), tiny);
  EXPECT_EQ(mask.at_pixel(12, 12), SurfaceMask::Cell::surface);
}

}  // namespace
}  // namespace vitrine
