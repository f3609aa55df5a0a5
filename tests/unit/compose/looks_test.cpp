// What the looks do to whole mockups.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "support/test_images.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/image/homography.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr Size kSize{240, 200};
const Quad kSquare = quad_of({20, 20, 200, 160});

Region region_at(const Quad& quad, Shows shows = Shows::filled) {
  Region region;
  region.quad = quad;
  region.shows = shows;
  return region;
}

Image render(const Image& scene, const Region& region, const Image& artwork, const Look& look, Fit fit = Fit::stretch) {
  const auto compositor = make_perspective_compositor();
  return compositor->render(compositor->prepare(scene, {region}), {{artwork, 0, fit, look}});
}

Image plain(std::initializer_list<int> color, Size size = kSize) { return plain_image(size, PixelFormat::rgb8, color); }

Look blending(Blend blend) {
  Look look;
  look.blend = blend;
  return look;
}

TEST(Looks, MultiplyTakesTheSurfacesOwnLight) {
  const Image mockup = render(plain({128, 128, 128}), region_at(kSquare), plain({200, 100, 50}), blending(Blend::multiply));
  EXPECT_NEAR(sample(mockup, 100, 100, 0), 200 * 128 / 255, 1);
  EXPECT_NEAR(sample(mockup, 100, 100, 2), 50 * 128 / 255, 1);
}

TEST(Looks, ScreenWithHalfTheOpacityGoesHalfTheWay) {
  Look look = blending(Blend::screen);
  look.opacity = 0.5;
  const Image mockup = render(plain({100, 100, 100}), region_at(kSquare), plain({100, 100, 100}), look);
  const double screened = 100 + 100 - 100 * 100 / 255.0;
  EXPECT_NEAR(sample(mockup, 100, 100), (100 + screened) / 2, 1);
}

TEST(Looks, BlendingLeavesTheSceneBesideTheQuadAlone) {
  const Image scene = noise_image(kSize, PixelFormat::rgb8, 3);
  const Image mockup = render(scene, region_at(kSquare), plain({90, 90, 90}), blending(Blend::overlay));
  EXPECT_EQ(pixel(mockup, 10, 100), pixel(scene, 10, 100));
  EXPECT_NE(pixel(mockup, 100, 100), pixel(scene, 100, 100));
}

TEST(Looks, InkOnWhiteClothWithoutUnderbaseIsItsColourTimesTheCloth) {
  Look look;
  look.ink = Ink{0, 1, 0};
  const Image mockup = render(plain({188, 188, 188}), region_at(kSquare), plain({255, 0, 0}), look);
  EXPECT_NEAR(sample(mockup, 100, 100, 0), 188, 1);
  EXPECT_EQ(sample(mockup, 100, 100, 1), 0);
}

TEST(Looks, UnderbaseMakesWhiteInkBrightOnBlackCloth) {
  Look look;
  look.ink = Ink{};
  const Image mockup = render(plain({25, 25, 25}), region_at(kSquare), plain({255, 255, 255}), look);
  EXPECT_GT(sample(mockup, 100, 100), 220);
}

TEST(Looks, WithoutUnderbaseInkSinksIntoBlackCloth) {
  Look look;
  look.ink = Ink{0, 0.5, 0};
  EXPECT_LE(sample(render(plain({25, 25, 25}), region_at(kSquare), plain({255, 255, 255}), look), 100, 100), 26);
}

// Cloth with a dark fold down the middle.
Image folded() {
  Image cloth = plain({220, 220, 220});
  const MutableImageView view = cloth.edit();
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      const double fold = 1 - 0.5 * std::exp(-(x - 120.0) * (x - 120.0) / 200);
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::lround(220 * fold));
    }
  return cloth;
}

TEST(Looks, InkFallsIntoTheFoldsOfTheCloth) {
  Look look;
  look.ink = Ink{};
  const Image mockup = render(folded(), region_at(kSquare), plain({200, 60, 60}), look);
  EXPECT_LT(sample(mockup, 120, 100), sample(mockup, 50, 100) * 0.75);
}

TEST(Looks, ReliefMovesThePrintBesideAFoldAndNotFarFromIt) {
  Image stripes(kSize, PixelFormat::rgb8);
  const MutableImageView view = stripes.edit();
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = static_cast<std::uint8_t>(128 + 100 * std::sin(0.2 * x));
  Look flat, moved;
  flat.ink = Ink{1, 0, 0};
  moved.ink = Ink{1, 0, 1};
  const Image a = render(folded(), region_at(kSquare), stripes, flat);
  const Image b = render(folded(), region_at(kSquare), stripes, moved);
  int beside = 0, far = 0;
  for (int x = 100; x < 140; ++x) beside = std::max(beside, std::abs(int{sample(a, x, 100)} - int{sample(b, x, 100)}));
  for (int x = 30; x < 50; ++x) far = std::max(far, std::abs(int{sample(a, x, 100)} - int{sample(b, x, 100)}));
  EXPECT_GT(beside, 20);
  EXPECT_LE(far, 6);
}

TEST(Looks, AMugShowsTheMiddleOfTheArtworkInItsMiddle) {
  Image halves({400, 200}, PixelFormat::rgb8);
  const MutableImageView view = halves.edit();
  for (int y = 0; y < 200; ++y)
    for (int x = 0; x < 400; ++x) view.row(y)[3 * x + (x < 200 ? 0 : 2)] = 255;
  Look look;
  look.cylinder = Cylinder{120, 0.1, 0.1};
  const Image mockup = render(plain({255, 255, 255}), region_at(quad_of({40, 40, 160, 100})), halves, look);
  EXPECT_EQ(pixel(mockup, 110, 100), (std::array<int, 4>{255, 0, 0, 0}));
  EXPECT_EQ(pixel(mockup, 130, 100), (std::array<int, 4>{0, 0, 255, 0}));
  // The upper side hangs in the middle, and the lower one reaches below the quad.
  EXPECT_EQ(pixel(mockup, 120, 43), (std::array<int, 4>{255, 255, 255, 0}));
  EXPECT_NE(pixel(mockup, 100, 147), (std::array<int, 4>{255, 255, 255, 0}));
}

TEST(Looks, ACylinderOfLittleArcIsNearlyFlat) {
  const Image art = wavy_image({400, 250}, PixelFormat::rgb8);
  Look look;
  look.light = Light::flat;
  const Image flat = render(plain({90, 90, 90}), region_at(quad_of({40, 40, 160, 100})), art, look);
  look.cylinder = Cylinder{1, 0, 0};
  const Image round = render(plain({90, 90, 90}), region_at(quad_of({40, 40, 160, 100})), art, look);
  EXPECT_LE(largest_difference(flat, round), 3);
}

const Quad kTilted{{{{30, 25}, {215, 45}, {205, 180}, {25, 170}}}};

TEST(Looks, AMatShowsAllOfTheArtworkUnstretched) {
  // A red frame one pixel of the mockup wide around a grey artwork would be lost by any crop.
  Image framed = plain_image({400, 400}, PixelFormat::rgb8, {120, 120, 120});
  const MutableImageView view = framed.edit();
  for (int y = 0; y < 400; ++y)
    for (int x = 0; x < 400; ++x)
      if (x < 24 || y < 24 || x >= 376 || y >= 376) view.row(y)[3 * x] = 255, view.row(y)[3 * x + 1] = view.row(y)[3 * x + 2] = 0;
  Look look;
  look.light = Light::flat;
  const Image mockup = render(plain({60, 60, 60}), region_at(kTilted), framed, look, Fit::mat);
  const double ratio = aspect_ratio(kTilted, kSize);
  const Homography scene_from_surface = target_from_source(quad_of({0, 0, 1000, 1000}), kTilted);
  // The square window is as high as the surface less two borders, seen from the side.
  const double side = 1 - 2 * 0.08;
  const auto at = [&](double u, double v) {
    return scene_from_surface(Point{1000 * (0.5 + (u - 0.5) * side / ratio), 1000 * (0.5 + (v - 0.5) * side)});
  };
  const auto is_red = [&](Point p) {
    const auto c = pixel(mockup, static_cast<int>(p.x), static_cast<int>(p.y));
    return c[0] > 200 && c[1] < 60;
  };
  EXPECT_TRUE(is_red(at(0.03, 0.5)));
  EXPECT_TRUE(is_red(at(0.97, 0.5)));
  EXPECT_TRUE(is_red(at(0.5, 0.03)));
  EXPECT_TRUE(is_red(at(0.5, 0.97)));
}

TEST(Looks, AMatFillsTheRegionWithItsBoard) {
  Look look;
  look.light = Light::flat;
  look.mat.color = {10, 200, 30};
  const Image mockup = render(plain({60, 60, 60}), region_at(kSquare), plain({255, 255, 255}, {100, 100}), look, Fit::mat);
  EXPECT_EQ(pixel(mockup, 24, 100), (std::array<int, 4>{10, 200, 30, 0}));
}

TEST(Looks, TheCutOfAMatIsDarkerTowardsTheLight) {
  Look look;
  look.light = Light::flat;
  look.mat.color = {128, 128, 128};
  look.mat.bevel = 0.04;
  const Image mockup = render(plain({60, 60, 60}), region_at(kSquare), plain({0, 0, 0}, {100, 100}), look, Fit::mat);
  // The window reaches from 32.8 to 167.2 down, and as far across around the middle; the cut is 6.4 wide.
  EXPECT_LT(sample(mockup, 120, 30), sample(mockup, 120, 170));
  EXPECT_LT(sample(mockup, 50, 100), sample(mockup, 190, 100));
}

TEST(Looks, AnInnerShadowDarkensTheSidesTowardsTheLightAndNotTheMiddle) {
  Look look;
  look.light = Light::flat;
  look.inner_shadow = InnerShadow{0.05, 0.5};
  const Image mockup = render(plain({60, 60, 60}), region_at(kSquare), plain({200, 200, 200}), look);
  EXPECT_LT(sample(mockup, 120, 22), 175);
  EXPECT_LT(sample(mockup, 22, 100), 175);
  EXPECT_GT(sample(mockup, 120, 177), 195);
  EXPECT_EQ(sample(mockup, 120, 100), 200);
}

TEST(Looks, ABevelLiesAtTheSidesOnly) {
  Look look;
  look.light = Light::flat;
  look.bevel = Bevel{{0, 255, 0}, 0.05};
  const Image mockup = render(plain({60, 60, 60}), region_at(kSquare), plain({200, 0, 0}), look);
  EXPECT_EQ(sample(mockup, 120, 23, 0), 0);
  EXPECT_GT(sample(mockup, 120, 23, 1), 150);
  EXPECT_EQ(pixel(mockup, 120, 100), (std::array<int, 4>{200, 0, 0, 0}));
}

// How much more of the key's own channel a pixel has than of the others, over what a grey scene has.
int green_excess(const Image& image, int x, int y) {
  return sample(image, x, y, 1) - std::max(sample(image, x, y, 0), sample(image, x, y, 2));
}

// A green sheet in a dark grey frame on a lighter wall, edges exact.
Image keyed(const Quad& quad) {
  Image scene = plain({140, 140, 140});
  const MutableImageView view = scene.edit();
  const Quad frame{{{{quad[0].x - 9, quad[0].y - 9}, {quad[1].x + 9, quad[1].y - 9}, {quad[2].x + 9, quad[2].y + 9}, {quad[3].x - 9, quad[3].y + 9}}}};
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      const auto held = [&](const Quad& q) { return std::abs(signed_area(clip(quad_of({x, y, 1, 1}).corners, q.corners))); };
      const double f = held(frame), k = held(quad);
      for (int c = 0; c < 3; ++c) {
        const double around = 140 * (1 - f) + 50 * f;
        const double inside = c == 1 ? 255 : 0;
        view.row(y)[3 * x + c] = static_cast<std::uint8_t>(std::lround(around * (1 - k) + inside * k));
      }
    }
  return scene;
}

// Pixels within 3 of the sides that show more of the key than noise does.
int residue(const Image& mockup, const Quad& quad, int noise) {
  int count = 0;
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      double nearest = 1e9;
      for (std::size_t i = 0; i < 4; ++i) {
        const Point a = quad[i], b = quad[(i + 1) % 4];
        const double t = std::clamp(((x + 0.5 - a.x) * (b.x - a.x) + (y + 0.5 - a.y) * (b.y - a.y)) /
                                        ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)), 0.0, 1.0);
        nearest = std::min(nearest, distance({x + 0.5, y + 0.5}, {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}));
      }
      if (nearest <= 3 && green_excess(mockup, x, y) > noise) ++count;
    }
  return count;
}

class ArtworkColour : public ::testing::TestWithParam<int> {};

TEST_P(ArtworkColour, LeavesNoKeyColourInTheBandAroundIt) {
  const Image mockup = render(keyed(kTilted), region_at(kTilted, Shows::key), plain({GetParam(), GetParam(), GetParam()}), {});
  EXPECT_EQ(residue(mockup, kTilted, 2), 0);
}

TEST_P(ArtworkColour, LeavesNoneWhereTheCornersAreOffByAPixel) {
  Quad off = kTilted;
  for (std::size_t i = 0; i < 4; ++i) off[i] = {off[i].x + (i % 2 == 0 ? 1 : -1), off[i].y + (i < 2 ? 1 : -1)};
  const Image mockup = render(keyed(kTilted), region_at(off, Shows::key), plain({GetParam(), GetParam(), GetParam()}), {});
  EXPECT_EQ(residue(mockup, kTilted, 2), 0);
}

INSTANTIATE_TEST_SUITE_P(Greys, ArtworkColour, ::testing::Values(0, 128, 255));

std::string complaint(const Look& look, Fit fit = Fit::cover) {
  try {
    render(plain({60, 60, 60}), region_at(kSquare), plain({1, 2, 3}), look, fit);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Looks, RefusesAnArcOfMoreThanHalfARound) {
  Look look;
  look.cylinder = Cylinder{176, 0, 0};
  EXPECT_NE(complaint(look).find("176"), std::string::npos);
}

TEST(Looks, RefusesNumbersThatAreNone) {
  Look look;
  look.inner_shadow = InnerShadow{std::nan(""), 0.5};
  EXPECT_NE(complaint(look).find("inner shadow"), std::string::npos);
}

TEST(Looks, RefusesAMatOnAMug) {
  Look look;
  look.cylinder = Cylinder{};
  EXPECT_NE(complaint(look, Fit::mat).find("flat surface"), std::string::npos);
}

TEST(Looks, RefusesInkThatBlends) {
  Look look = blending(Blend::multiply);
  look.ink = Ink{};
  EXPECT_NE(complaint(look).find("multiply"), std::string::npos);
}

TEST(Looks, RefusesAModeThatIsNone) { EXPECT_NE(complaint(blending(static_cast<Blend>(99))).find("Look::blend"), std::string::npos); }

TEST(Looks, PutsAnArtworkAHundredTimesAsWideAsHighIntoAMat) {
  Look look;
  look.light = Light::flat;
  const Image mockup = render(plain({60, 60, 60}), region_at(kSquare), plain({200, 0, 0}, {1000, 10}), look, Fit::mat);
  EXPECT_GT(sample(mockup, 120, 100, 0), 100);
}

}  // namespace
}  // namespace vitrine
