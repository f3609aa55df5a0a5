#include "compose/placement_geometry.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

const Quad kTilted{{{{300, 200}, {700, 260}, {690, 640}, {310, 700}}}};
constexpr Size kScene{1000, 900};

TEST(Place, StretchTakesCornersToCorners) {
  const PlacementGeometry geometry = place(kTilted, kScene, {400, 1000}, Fit::stretch);
  const Quad corners = geometry.artwork_from_scene(kTilted);
  EXPECT_NEAR(corners[2].x, 400, 1e-9);
  EXPECT_NEAR(corners[2].y, 1000, 1e-9);
}

TEST(Place, CoverFillsTheRegionAndCutsEvenly) {
  const PlacementGeometry geometry = place(quad_of({100, 100, 200, 200}), kScene, {400, 1000}, Fit::cover);
  EXPECT_EQ(geometry.shown, quad_of({100, 100, 200, 200}));
  EXPECT_EQ(geometry.source, quad_of({0, 300, 400, 400}));
}

TEST(Place, ContainShowsTheWholeArtworkCentred) {
  const PlacementGeometry geometry = place(quad_of({100, 100, 200, 200}), kScene, {400, 1000}, Fit::contain);
  EXPECT_EQ(geometry.source, quad_of({0, 0, 400, 1000}));
  EXPECT_NEAR(geometry.shown[0].x, 160, 1e-9);
  EXPECT_NEAR(geometry.shown[2].x, 240, 1e-9);
  EXPECT_NEAR(geometry.shown[2].y, 300, 1e-9);
}

TEST(Place, ContainStaysInsideATiltedRegion) {
  const PlacementGeometry geometry = place(kTilted, kScene, {3000, 500}, Fit::contain);
  const double shared = std::abs(signed_area(clip(geometry.shown.corners, kTilted.corners)));
  EXPECT_NEAR(shared, area(geometry.shown), 1e-6);
}

TEST(Place, FitsThatMatchTheRatioAreTheSame) {
  const Quad square = quad_of({100, 100, 200, 200});
  EXPECT_EQ(place(square, kScene, {500, 500}, Fit::cover).source, place(square, kScene, {500, 500}, Fit::stretch).source);
  EXPECT_EQ(place(square, kScene, {500, 500}, Fit::contain).shown, square);
}

TEST(Grown, MovesEachSideOutwards) {
  const Quad quad = grown(quad_of({10, 10, 20, 20}), 2);
  EXPECT_EQ(quad, quad_of({8, 8, 24, 24}));
}

TEST(Grown, MovesEachSideInwardsByANegativeAmount) {
  EXPECT_EQ(grown(quad_of({10, 10, 20, 20}), -2), quad_of({12, 12, 16, 16}));
}

TEST(Grown, KeepsSharpCornersNear) {
  const Quad sliver{{{{0, 0}, {100, 0}, {200, 1}, {100, 1}}}};
  EXPECT_LT(distance(grown(sliver, 2)[0], sliver[0]), 8.001);
}

}  // namespace
}  // namespace vitrine
