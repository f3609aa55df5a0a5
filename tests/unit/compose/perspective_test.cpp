#include "vitrine/compose/perspective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <stdexcept>

#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/image/homography.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

const Quad kTilted{{{{60.3, 40.8}, {210.7, 62.1}, {204.2, 171.5}, {52.9, 180.4}}}};
constexpr Size kSceneSize{280, 220};

Region region_at(const Quad& quad, Shows shows = Shows::filled) {
  Region region;
  region.quad = quad;
  region.shows = shows;
  return region;
}

Image render(const Image& scene, const Region& region, const Image& artwork, Fit fit = Fit::stretch, Look look = {},
             int threads = 1) {
  const auto compositor = make_perspective_compositor();
  return compositor->render(compositor->prepare(scene, {region}), {{artwork, 0, fit, look}}, {threads});
}

// White artwork on black: the linear light of a pixel is its coverage.
double coverage_of(const Image& mockup, int x, int y) { return static_cast<double>(linear_from_srgb8()[sample(mockup, x, y)]); }

struct Line {
  double slope, offset;
};

Line fit(const std::vector<Point>& points) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const Point p : points) {
    n += 1, sx += p.x, sy += p.y, sxx += p.x * p.x, sxy += p.x * p.y;
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {slope, (sy - slope * sx) / n};
}

// The upper and lower sides as y over x, the left and right ones as x over y, from sums of coverage.
struct Sides {
  Line top, bottom, left, right;
};

Sides measure_sides(const Image& mockup) {
  std::vector<Point> top, bottom, left, right;
  constexpr int kMiddleX = 130;
  constexpr int kMiddleY = 115;
  for (int x = 80; x < 190; ++x) {
    double above = 0, below = 0;
    for (int y = 0; y < mockup.height(); ++y) (y < kMiddleY ? above : below) += coverage_of(mockup, x, y);
    top.push_back({x + 0.5, kMiddleY - above});
    bottom.push_back({x + 0.5, kMiddleY + below});
  }
  for (int y = 75; y < 160; ++y) {
    double before = 0, after = 0;
    for (int x = 0; x < mockup.width(); ++x) (x < kMiddleX ? before : after) += coverage_of(mockup, x, y);
    left.push_back({y + 0.5, kMiddleX - before});
    right.push_back({y + 0.5, kMiddleX + after});
  }
  return {fit(top), fit(bottom), fit(left), fit(right)};
}

Point crossing(const Line& y_of_x, const Line& x_of_y) {
  const double x = (x_of_y.slope * y_of_x.offset + x_of_y.offset) / (1 - x_of_y.slope * y_of_x.slope);
  return {x, y_of_x.slope * x + y_of_x.offset};
}

TEST(Perspective, LandsTheArtworksCornersWithinATenthOfAPixel) {
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {0, 0, 0}), region_at(kTilted),
                              plain_image({640, 480}, PixelFormat::rgb8, {255, 255, 255}));
  const Sides sides = measure_sides(mockup);
  EXPECT_LT(distance(crossing(sides.top, sides.left), kTilted[0]), 0.1);
  EXPECT_LT(distance(crossing(sides.top, sides.right), kTilted[1]), 0.1);
  EXPECT_LT(distance(crossing(sides.bottom, sides.right), kTilted[2]), 0.1);
  EXPECT_LT(distance(crossing(sides.bottom, sides.left), kTilted[3]), 0.1);
}

TEST(Perspective, KeepsToTheCornersOnAWallThatGoesOnUnchanged) {
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {255, 255, 255}), region_at(kTilted, Shows::given),
                              plain_image({640, 480}, PixelFormat::rgb8, {0, 0, 0}), Fit::stretch, {Light::flat, 1});
  Image inverse = mockup;
  const MutableImageView view = inverse.edit();
  for (int y = 0; y < inverse.height(); ++y)
    for (int x = 0; x < 3 * inverse.width(); ++x)
      view.row(y)[x] = srgb8_from_linear(1 - linear_from_srgb8()[view.row(y)[x]]);
  const Sides sides = measure_sides(inverse);
  EXPECT_LT(distance(crossing(sides.top, sides.left), kTilted[0]), 0.1);
  EXPECT_LT(distance(crossing(sides.bottom, sides.right), kTilted[2]), 0.1);
}

Image artwork_with_dot(Size size, Point centre, double radius) {
  Image art(size, PixelFormat::gray8);
  const MutableImageView view = art.edit();
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const double inside = radius - distance({x + 0.5, y + 0.5}, centre) + 0.5;
      view.row(y)[x] = srgb8_from_linear(static_cast<float>(std::clamp(inside, 0.0, 1.0)));
    }
  return art;
}

class DotInArtwork : public ::testing::TestWithParam<Point> {};

TEST_P(DotInArtwork, LandsWhereTheHomographySaysWithinATenthOfAPixel) {
  constexpr Size kArt{1200, 900};
  const Point in_artwork{GetParam().x * kArt.width, GetParam().y * kArt.height};
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {0, 0, 0}), region_at(kTilted),
                              artwork_with_dot(kArt, in_artwork, 20));
  double sum = 0, sx = 0, sy = 0;
  for (int y = 0; y < mockup.height(); ++y)
    for (int x = 0; x < mockup.width(); ++x) {
      const double light = coverage_of(mockup, x, y);
      sum += light, sx += light * (x + 0.5), sy += light * (y + 0.5);
    }
  const Point expected = scene_from_artwork(kTilted, kArt)(in_artwork);
  EXPECT_LT(distance({sx / sum, sy / sum}, expected), 0.1);
}

INSTANTIATE_TEST_SUITE_P(Places, DotInArtwork,
                         ::testing::Values(Point{0.05, 0.07}, Point{0.95, 0.07}, Point{0.95, 0.93}, Point{0.05, 0.93},
                                           Point{0.5, 0.5}));

TEST(Perspective, LeavesTheSceneOutsideTheRegionAlone) {
  const Image scene = noise_image(kSceneSize, PixelFormat::rgb8, 7);
  const Image mockup = render(scene, region_at(kTilted), wavy_image({300, 200}, PixelFormat::rgb8));
  const Quad reach{{{{kTilted[0].x - 1, kTilted[0].y - 1}, {kTilted[1].x + 1, kTilted[1].y - 1},
                     {kTilted[2].x + 1, kTilted[2].y + 1}, {kTilted[3].x - 1, kTilted[3].y + 1}}}};
  int changed = 0;
  for (int y = 0; y < scene.height(); ++y)
    for (int x = 0; x < scene.width(); ++x) {
      const bool outside = clip(quad_of({x, y, 1, 1}).corners, reach.corners).empty();
      if (outside && pixel(scene, x, y) != pixel(mockup, x, y)) ++changed;
    }
  EXPECT_EQ(changed, 0);
}

TEST(Perspective, GivesTheSameBytesOnAnyNumberOfThreads) {
  const Image scene = noise_image(kSceneSize, PixelFormat::rgb8, 8);
  const Image art = noise_image({900, 1300}, PixelFormat::rgba8, 9);
  const Image one = render(scene, region_at(kTilted), art, Fit::cover, {}, 1);
  EXPECT_EQ(largest_difference(one, render(scene, region_at(kTilted), art, Fit::cover, {}, 4)), 0);
  EXPECT_EQ(largest_difference(one, render(scene, region_at(kTilted), art, Fit::cover, {}, 16)), 0);
}

TEST(Perspective, CopiesAnArtworkThatFitsPixelToPixel) {
  const Image art = noise_image({64, 48}, PixelFormat::rgb8, 10);
  const Image mockup = render(plain_image({100, 80}, PixelFormat::rgb8, {9, 9, 9}), region_at(quad_of({20, 16, 64, 48})), art);
  const Image placed(mockup.view().crop({20, 16, 64, 48}));
  EXPECT_LE(largest_difference(placed, art), 1);
}

TEST(Perspective, AveragesLightWhenItShrinks) {
  Image art({512, 512}, PixelFormat::gray8);
  const MutableImageView view = art.edit();
  for (int y = 0; y < 512; ++y)
    for (int x = 0; x < 512; ++x) view.row(y)[x] = (x + y) % 2 == 0 ? 255 : 0;
  const Image mockup = render(plain_image({100, 100}, PixelFormat::rgb8, {0, 0, 0}), region_at(quad_of({10, 10, 64, 64})), art);
  EXPECT_NEAR(sample(mockup, 40, 40), srgb8_from_linear(0.5F), 1);
}

TEST(Perspective, ShowsTheSceneThroughATransparentArtwork) {
  const Image scene = noise_image(kSceneSize, PixelFormat::rgb8, 11);
  EXPECT_EQ(largest_difference(render(scene, region_at(kTilted), plain_image({50, 50}, PixelFormat::rgba8, {255, 0, 0, 0})), scene), 0);
}

TEST(Perspective, MixesHalfTransparentArtInLinearLight) {
  const Image mockup = render(plain_image({60, 60}, PixelFormat::rgb8, {0, 0, 0}), region_at(quad_of({10, 10, 40, 40})),
                              plain_image({50, 50}, PixelFormat::rgba8, {255, 255, 255, 128}));
  EXPECT_NEAR(sample(mockup, 30, 30), srgb8_from_linear(128.0F / 255.0F), 1);
}

TEST(Perspective, OpacityFadesTheArtwork) {
  Look look;
  look.opacity = 0.25;
  const Image mockup = render(plain_image({60, 60}, PixelFormat::rgb8, {0, 0, 0}), region_at(quad_of({10, 10, 40, 40})),
                              plain_image({50, 50}, PixelFormat::rgb8, {255, 255, 255}), Fit::stretch, look);
  EXPECT_NEAR(sample(mockup, 30, 30), srgb8_from_linear(0.25F), 1);
}

// A frame with a transparent opening and a bar across it.
Image scene_with_hole() {
  Image scene = plain_image({100, 100}, PixelFormat::rgba8, {40, 60, 80, 255});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 80; ++y)
    for (int x = 20; x < 80; ++x)
      if (x < 48 || x >= 52) view.row(y)[4 * x + 3] = 0;
  return scene;
}

TEST(Perspective, KeepsWhatStandsInFrontOfAHole) {
  const Image mockup = render(scene_with_hole(), region_at(quad_of({20, 20, 60, 60}), Shows::hole),
                              plain_image({50, 50}, PixelFormat::rgb8, {250, 10, 10}));
  EXPECT_EQ(pixel(mockup, 50, 50), (std::array<int, 4>{40, 60, 80, 0}));
  EXPECT_EQ(pixel(mockup, 30, 30), (std::array<int, 4>{250, 10, 10, 0}));
}

TEST(Perspective, LeavesNoGapBesideAHoleThatTheQuadMissesByAPixel) {
  const Image mockup = render(scene_with_hole(), region_at(quad_of({21, 21, 58, 58}), Shows::hole),
                              plain_image({50, 50}, PixelFormat::rgb8, {250, 10, 10}));
  EXPECT_EQ(mockup.format(), PixelFormat::rgb8) << "some of the hole stayed transparent";
}

TEST(Perspective, MixesSoftEdgesOfAHoleWithoutAHalo) {
  Image scene = scene_with_hole();
  scene.edit().row(40)[4 * 20 + 3] = 128;
  const Image mockup = render(scene, region_at(quad_of({20, 20, 60, 60}), Shows::hole),
                              plain_image({50, 50}, PixelFormat::rgb8, {40, 60, 80}));
  EXPECT_EQ(pixel(mockup, 20, 40), (std::array<int, 4>{40, 60, 80, 0}));
}

TEST(Perspective, TakesAGivenQuadOnAHoleForTheHole) {
  const Image mockup = render(scene_with_hole(), region_at(quad_of({20, 20, 60, 60}), Shows::given),
                              plain_image({50, 50}, PixelFormat::rgb8, {250, 10, 10}));
  EXPECT_EQ(pixel(mockup, 50, 50), (std::array<int, 4>{40, 60, 80, 0}));
}

// A key-coloured field with a soft border in a grey frame.
Image scene_with_key() {
  Image scene = plain_image({120, 100}, PixelFormat::rgb8, {90, 90, 90});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 80; ++y)
    for (int x = 20; x < 100; ++x) {
      const bool border = x == 20 || x == 99 || y == 20 || y == 79;
      const std::array<std::uint8_t, 3> color = border ? std::array<std::uint8_t, 3>{45, 172, 45} : std::array<std::uint8_t, 3>{0, 255, 0};
      std::copy(color.begin(), color.end(), view.row(y) + 3 * x);
    }
  return scene;
}

int greenest(const Image& mockup) {
  int most = 0;
  for (int y = 0; y < mockup.height(); ++y)
    for (int x = 0; x < mockup.width(); ++x) {
      const auto p = pixel(mockup, x, y);
      most = std::max(most, p[1] - std::max(p[0], p[2]));
    }
  return most;
}

TEST(Perspective, LeavesNothingOfAKeyColour) {
  const Image mockup = render(scene_with_key(), region_at(quad_of({20, 20, 80, 60}), Shows::key),
                              plain_image({50, 50}, PixelFormat::rgb8, {200, 200, 200}));
  EXPECT_LE(greenest(mockup), 3);
}

TEST(Perspective, TheKeyColourTestCanFail) {
  const Image plain_paste = render(scene_with_key(), region_at(quad_of({20, 20, 80, 60}), Shows::filled),
                                   plain_image({50, 50}, PixelFormat::rgb8, {200, 200, 200}), Fit::contain);
  EXPECT_GT(greenest(plain_paste), 3);
}

TEST(Perspective, PutsWhiteAroundAContainedArtworkOnAKeyColour) {
  const Image mockup = render(scene_with_key(), region_at(quad_of({20, 20, 80, 60}), Shows::key),
                              plain_image({50, 500}, PixelFormat::rgb8, {200, 0, 0}), Fit::contain);
  EXPECT_EQ(pixel(mockup, 30, 50), (std::array<int, 4>{255, 255, 255, 0}));
  EXPECT_EQ(pixel(mockup, 60, 50), (std::array<int, 4>{200, 0, 0, 0}));
}

// Paper under light that falls from left to right.
Image lit_paper() {
  Image scene = plain_image({200, 160}, PixelFormat::rgb8, {60, 60, 60});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 140; ++y)
    for (int x = 20; x < 180; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = srgb8_from_linear(0.92F * (1 - 0.6F * static_cast<float>(x - 20) / 160.0F));
  return scene;
}

TEST(Perspective, LightsTheArtworkAsThePaperWasLit) {
  const Image scene = lit_paper();
  const Image mockup = render(scene, region_at(quad_of({20, 20, 160, 120}), Shows::plain),
                              plain_image({50, 50}, PixelFormat::rgb8, {255, 255, 255}));
  for (const int x : {40, 100, 160}) {
    const double paper = static_cast<double>(linear_from_srgb8()[sample(scene, x, 80)]) / 0.92;
    EXPECT_NEAR(coverage_of(mockup, x, 80), paper, 0.03) << "at column " << x;
  }
}

// A pot plant's leaf before the paper.
Image paper_behind_leaf() {
  Image scene = lit_paper();
  const MutableImageView view = scene.edit();
  for (int y = 60; y < 150; ++y)
    for (int x = 60; x < 90; ++x) view.row(y)[3 * x] = 20, view.row(y)[3 * x + 1] = 80, view.row(y)[3 * x + 2] = 20;
  return scene;
}

TEST(Perspective, KeepsALeafInFrontOfPaper) {
  const Image mockup = render(paper_behind_leaf(), region_at(quad_of({20, 20, 160, 120}), Shows::plain),
                              plain_image({50, 50}, PixelFormat::rgb8, {200, 0, 0}));
  EXPECT_EQ(pixel(mockup, 75, 80), (std::array<int, 4>{20, 80, 20, 0}));
  EXPECT_EQ(pixel(mockup, 120, 80)[1], 0);
}

TEST(Perspective, LeavesNoPaleLineBesideADarkFrame) {
  Image scene = plain_image({120, 100}, PixelFormat::rgb8, {10, 10, 10});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 80; ++y)
    for (int x = 20; x < 100; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = x == 20 ? 125 : 240;  // the left column is half and half
  const Image mockup = render(scene, region_at(Quad{{{{20.5, 20}, {100, 20}, {100, 80}, {20.5, 80}}}}, Shows::plain),
                              plain_image({50, 50}, PixelFormat::rgb8, {5, 5, 5}));
  int brightest = 0;
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 120; ++x) brightest = std::max(brightest, pixel(mockup, x, y)[0]);
  EXPECT_LE(brightest, 30);
}

TEST(Perspective, FlatLightKeepsTheArtworksOwnColours) {
  Look look;
  look.light = Light::flat;
  const Image mockup = render(lit_paper(), region_at(quad_of({20, 20, 160, 120}), Shows::plain),
                              plain_image({50, 50}, PixelFormat::rgb8, {120, 130, 140}), Fit::stretch, look);
  EXPECT_EQ(pixel(mockup, 150, 80), (std::array<int, 4>{120, 130, 140, 0}));
}


class OddArtworks : public ::testing::TestWithParam<Size> {};

TEST_P(OddArtworks, FillTheRegionWithTheirColour) {
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {0, 0, 0}), region_at(kTilted),
                              plain_image(GetParam(), PixelFormat::rgb8, {10, 200, 30}), Fit::cover);
  EXPECT_EQ(pixel(mockup, 130, 110), (std::array<int, 4>{10, 200, 30, 0}));
}

INSTANTIATE_TEST_SUITE_P(Sizes, OddArtworks,
                         ::testing::Values(Size{1, 1}, Size{1, 10000}, Size{10000, 1}, Size{2, 3}, Size{5000, 40}));

TEST(Perspective, StretchesALongArtworkWithoutAliasing) {
  Image art({10000, 3}, PixelFormat::gray8);
  const MutableImageView view = art.edit();
  for (int y = 0; y < 3; ++y)
    for (int x = 0; x < 10000; ++x) view.row(y)[x] = x % 2 == 0 ? 255 : 0;
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {0, 0, 0}), region_at(quad_of({40, 40, 150, 100})), art);
  EXPECT_NEAR(sample(mockup, 100, 90), srgb8_from_linear(0.5F), 2);
}

TEST(Perspective, PaintsTheVisiblePartOfARegionThatReachesOverTheBorder) {
  const Image mockup = render(plain_image(kSceneSize, PixelFormat::rgb8, {0, 0, 0}), region_at(quad_of({-50, -40, 200, 150})),
                              plain_image({50, 50}, PixelFormat::rgb8, {77, 88, 99}));
  EXPECT_EQ(pixel(mockup, 0, 0), (std::array<int, 4>{77, 88, 99, 0}));
  EXPECT_EQ(pixel(mockup, 200, 200), (std::array<int, 4>{0, 0, 0, 0}));
}

TEST(Perspective, SurvivesExtremeSlants) {
  std::mt19937 random(20261124);
  const Image scene = plain_image({90, 70}, PixelFormat::rgb8, {5, 5, 5});
  const Image art = noise_image({700, 500}, PixelFormat::rgba8, 3);
  int rendered = 0;
  for (int i = 0; i < 300; ++i) {
    std::array<Point, 4> corners;
    for (Point& p : corners) p = {static_cast<double>(random() % 2000) / 10 - 50, static_cast<double>(random() % 1600) / 10 - 45};
    const auto quad = order_corners(corners);
    if (!quad || bounds(*quad, scene.size()).empty()) continue;
    EXPECT_EQ(render(scene, region_at(*quad), art, Fit::cover).size(), scene.size());
    ++rendered;
  }
  EXPECT_GT(rendered, 30);
}

TEST(Perspective, NoticesACancelWhileItRenders) {
  const auto compositor = make_perspective_compositor();
  const Template room = compositor->prepare(plain_image({2000, 2000}, PixelFormat::rgb8, {0, 0, 0}), {region_at(quad_of({0, 0, 2000, 2000}))});
  Context context;
  context.on_progress([&](double) { context.cancel(); });
  EXPECT_EQ(code_of([&] {
              compositor->render(room, {{noise_image({500, 500}, PixelFormat::rgb8, 1), 0, Fit::cover, {}}}, {2}, context);
            }),
            ErrorCode::cancelled);
}

}  // namespace
}  // namespace vitrine
