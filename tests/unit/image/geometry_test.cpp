#include "vitrine/image/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

const Quad kTilted{{{{10, 12}, {90, 5}, {95, 70}, {8, 60}}}};

TEST(OrderCorners, IgnoresTheOrderItIsGiven) {
  std::array<std::size_t, 4> order{0, 1, 2, 3};
  do {
    const std::array<Point, 4> shuffled{kTilted[order[0]], kTilted[order[1]], kTilted[order[2]], kTilted[order[3]]};
    EXPECT_EQ(order_corners(shuffled), kTilted);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(OrderCorners, RefusesPointsThatAreNotInConvexPosition) {
  const std::array<Point, 4> dart{{{0, 0}, {10, 0}, {3, 3}, {0, 10}}};
  EXPECT_FALSE(order_corners(dart));
}

TEST(OrderCorners, RefusesNan) {
  const std::array<Point, 4> broken{{{0, 0}, {10, 0}, {10, std::nan("")}, {0, 10}}};
  EXPECT_FALSE(order_corners(broken));
}

TEST(RequireUsable, SaysThatSidesCross) {
  const Quad bow_tie{{{{0, 0}, {10, 10}, {10, 0}, {0, 10}}}};
  try {
    require_usable(bow_tie, {20, 20});
    FAIL() << "a bow tie was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("cross"), std::string::npos);
  }
}

TEST(RequireUsable, RefusesAQuadOutsideTheScene) {
  EXPECT_THROW(require_usable(quad_of({200, 10, 50, 50}), {100, 100}), std::invalid_argument);
}

TEST(RequireUsable, AcceptsAQuadThatReachesOverTheBorder) {
  EXPECT_NO_THROW(require_usable(quad_of({-20, 10, 50, 50}), {100, 100}));
}

TEST(IntersectionOverUnion, IsOneForAQuadAndItself) { EXPECT_DOUBLE_EQ(intersection_over_union(kTilted, kTilted), 1); }

TEST(IntersectionOverUnion, IsAThirdForHalfOverlap) {
  EXPECT_NEAR(intersection_over_union(quad_of({0, 0, 20, 10}), quad_of({10, 0, 20, 10})), 1.0 / 3, 1e-12);
}

TEST(Bounds, SurvivesCornersThatNoIntHolds) {
  const Quad far{{{{-1e30, -1e30}, {1e30, -1e30}, {1e30, 1e30}, {-1e30, 1e30}}}};
  EXPECT_EQ(bounds(far, {64, 48}), (Rect{0, 0, 64, 48}));
}

}  // namespace
}  // namespace vitrine
