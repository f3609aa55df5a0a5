#include "compose/bend.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vitrine {
namespace {

const Quad kPrint{{{{100, 100}, {300, 105}, {295, 290}, {104, 284}}}};

class PointOnMug : public ::testing::TestWithParam<Point> {};

TEST_P(PointOnMug, ComesBackThroughTheScene) {
  const Bend mug(kPrint, Cylinder{});
  const Point back = mug.unit_from_scene(mug.scene_from_unit(GetParam()));
  EXPECT_NEAR(back.x, GetParam().x, 1e-6);
  EXPECT_NEAR(back.y, GetParam().y, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Places, PointOnMug, ::testing::Values(Point{0, 0}, Point{1, 1}, Point{0.5, 0}, Point{0.3, 0.8}, Point{0.9, 0.1}));

TEST(Bend, KeepsTheCornersOfTheQuad) {
  const Bend mug(kPrint, Cylinder{});
  EXPECT_LT(distance(mug.scene_from_unit({1, 0}), kPrint[1]), 1e-6);
  EXPECT_LT(distance(mug.scene_from_unit({0, 1}), kPrint[3]), 1e-6);
}

TEST(Bend, CrowdsTheSidesOfARoundThing) {
  const Bend mug(quad_of({0, 0, 200, 100}), Cylinder{120, 0, 0});
  const double middle = mug.scene_from_unit({0.55, 0.5}).x - mug.scene_from_unit({0.45, 0.5}).x;
  const double side = mug.scene_from_unit({1, 0.5}).x - mug.scene_from_unit({0.9, 0.5}).x;
  // The round is seen at the cosine of its angle.
  EXPECT_NEAR(side / middle, std::cos(54 * std::acos(-1.0) / 180), 0.01);
}

TEST(Bend, HangsTheMiddleBelowTheEnds) {
  const Bend mug(quad_of({0, 0, 200, 100}), Cylinder{120, 0.1, 0.2});
  EXPECT_NEAR(mug.scene_from_unit({0.5, 0}).y, 10, 1e-9);
  EXPECT_NEAR(mug.scene_from_unit({0.5, 1}).y, 120, 1e-9);
}

TEST(Bend, IsLongerThanItLooks) {
  const Bend mug(quad_of({0, 0, 200, 100}), Cylinder{175, 0, 0});
  EXPECT_NEAR(mug.stretch(), 87.5 * std::acos(-1.0) / 180 / std::sin(87.5 * std::acos(-1.0) / 180), 1e-9);
}

}  // namespace
}  // namespace vitrine
