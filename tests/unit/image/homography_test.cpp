#include "vitrine/image/homography.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace vitrine {
namespace {

// A convex quad with corners up to `shake` of a side away from those of a rectangle.
Quad shaken_rectangle(std::mt19937& random, double width, double height, double shake) {
  std::uniform_real_distribution<double> part(-shake, shake);
  std::uniform_real_distribution<double> place(-500, 500);
  const Point at{place(random), place(random)};
  Quad quad{{{{at.x, at.y}, {at.x + width, at.y}, {at.x + width, at.y + height}, {at.x, at.y + height}}}};
  for (Point& corner : quad.corners) corner = {corner.x + part(random) * width, corner.y + part(random) * height};
  return quad;
}

double largest_distance(const Quad& a, const Quad& b) {
  double largest = 0;
  for (std::size_t i = 0; i < 4; ++i) largest = std::max(largest, distance(a[i], b[i]));
  return largest;
}

class RandomQuads : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomQuads, GoThereAndBack) {
  std::mt19937 random(GetParam());
  const Quad source = shaken_rectangle(random, 900, 600, 0.3);
  const Quad target = shaken_rectangle(random, 400, 700, 0.3);
  const Homography map = target_from_source(source, target);
  EXPECT_LT(largest_distance(map(source), target), 1e-6) << "seed " << GetParam();
  EXPECT_LT(largest_distance(map.inverse()(target), source), 1e-6) << "seed " << GetParam();
}

TEST_P(RandomQuads, GoThereAndBackInside) {
  std::mt19937 random(GetParam());
  const Quad source = shaken_rectangle(random, 900, 600, 0.3);
  const Homography map = target_from_source(source, shaken_rectangle(random, 400, 700, 0.3));
  const Point inside{(source[0].x + source[1].x + source[2].x + source[3].x) / 4,
                     (source[0].y + source[1].y + source[2].y + source[3].y) / 4};
  EXPECT_LT(distance(map.inverse()(map(inside)), inside), 1e-6) << "seed " << GetParam();
}

TEST_P(RandomQuads, HaveTheSlopesThatDifferencesShow) {
  std::mt19937 random(GetParam());
  const Quad source = shaken_rectangle(random, 900, 600, 0.2);
  const Homography map = target_from_source(source, shaken_rectangle(random, 400, 700, 0.2));
  const Point p{(source[0].x + source[2].x) / 2, (source[0].y + source[2].y) / 2};
  constexpr double kStep = 1e-4;
  const Point right = map(Point{p.x + kStep, p.y});
  const Point left = map(Point{p.x - kStep, p.y});
  const auto slope = map.jacobian(p);
  EXPECT_NEAR(slope[0], (right.x - left.x) / (2 * kStep), 1e-5);
  EXPECT_NEAR(slope[2], (right.y - left.y) / (2 * kStep), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomQuads, ::testing::Range(1U, 101U));

TEST(Homography, IsTheIdentityAtFirst) { EXPECT_EQ(Homography()(Point{3, 4}), (Point{3, 4})); }

TEST(Homography, ComposesRightToLeft) {
  const Homography move{{1, 0, 5, 0, 1, 0, 0, 0, 1}};
  const Homography twice{{2, 0, 0, 0, 2, 0, 0, 0, 1}};
  EXPECT_EQ((twice * move)(Point{1, 1}), (Point{12, 2}));
  EXPECT_EQ((move * twice)(Point{1, 1}), (Point{7, 2}));
}

TEST(Homography, HasNoWayBackWhenSingular) {
  EXPECT_THROW((Homography{{1, 2, 3, 2, 4, 6, 0, 0, 1}}).inverse(), std::invalid_argument);
}

TEST(TargetFromSource, RefusesCornersOnALine) {
  const Quad flat{{{{0, 0}, {5, 0}, {10, 0}, {0, 10}}}};
  EXPECT_THROW(target_from_source(flat, quad_of({0, 0, 10, 10})), std::invalid_argument);
  EXPECT_THROW(target_from_source(quad_of({0, 0, 10, 10}), flat), std::invalid_argument);
}

TEST(TargetFromSource, EndsInOne) {
  EXPECT_DOUBLE_EQ(target_from_source(quad_of({0, 0, 10, 10}), quad_of({3, 4, 20, 5})).m[8], 1);
}

TEST(SceneFromArtwork, PutsCornerOnCorner) {
  const Quad quad{{{{100, 50}, {400, 80}, {390, 300}, {110, 280}}}};
  const Homography map = scene_from_artwork(quad, {640, 480});
  EXPECT_LT(distance(map(Point{0, 0}), quad[0]), 1e-9);
  EXPECT_LT(distance(map(Point{640, 0}), quad[1]), 1e-9);
  EXPECT_LT(distance(map(Point{640, 480}), quad[2]), 1e-9);
  EXPECT_LT(distance(map(Point{0, 480}), quad[3]), 1e-9);
}

TEST(SceneFromArtwork, RefusesAnArtworkWithoutPixels) {
  EXPECT_THROW(scene_from_artwork(quad_of({0, 0, 10, 10}), {0, 480}), std::invalid_argument);
}

TEST(AspectRatio, IsThatOfAnUprightRectangle) {
  EXPECT_NEAR(aspect_ratio(quad_of({100, 100, 300, 200}), {800, 600}), 1.5, 1e-9);
}

TEST(AspectRatio, IsSeenThroughPerspective) {
  // A rectangle of 3 x 2 turned about both axes before a camera with a focal length of one scene width.
  const double a = 0.6;
  const double b = 0.4;
  Quad quad;
  constexpr std::array<Point, 4> kCorners{{{-1.5, -1}, {1.5, -1}, {1.5, 1}, {-1.5, 1}}};
  for (std::size_t i = 0; i < 4; ++i) {
    const Point p = kCorners[i];
    const double x = p.x * std::cos(a);
    const double z = p.x * std::sin(a);
    const double y = p.y * std::cos(b) - z * std::sin(b);
    const double depth = 6 + p.y * std::sin(b) + z * std::cos(b);
    quad[i] = {500 + 1000 * x / depth, 400 + 1000 * y / depth};
  }
  EXPECT_NEAR(aspect_ratio(quad, {1000, 800}), 1.5, 1e-6);
}

}  // namespace
}  // namespace vitrine
