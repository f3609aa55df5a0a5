#include "compose/coverage.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace vitrine {
namespace {

double exact_share(const Quad& quad, int x, int y) {
  return std::abs(signed_area(clip(quad_of({x, y, 1, 1}).corners, quad.corners)));
}

TEST(Coverage, IsTheExactAreaOfEveryPixel) {
  const Quad quad{{{{3.3, 2.7}, {40.1, 5.2}, {37.9, 31.4}, {1.2, 29.9}}}};
  const Coverage coverage(quad);
  for (int y = 0; y < 34; ++y)
    for (int x = 0; x < 43; ++x) EXPECT_NEAR(coverage.at(x, y), exact_share(quad, x, y), 1e-6) << x << ", " << y;
}

TEST(Coverage, SumsToTheAreaOfTheQuad) {
  const Quad quad{{{{3.3, 2.7}, {40.1, 5.2}, {37.9, 31.4}, {1.2, 29.9}}}};
  const Coverage coverage(quad);
  double sum = 0;
  for (int y = 0; y < 34; ++y)
    for (int x = 0; x < 43; ++x) sum += coverage.at(x, y);
  EXPECT_NEAR(sum, area(quad), 1e-3);
}

TEST(Coverage, KnowsAQuadSmallerThanAPixel) {
  const Quad quad{{{{5.2, 5.3}, {5.6, 5.3}, {5.6, 5.8}, {5.2, 5.8}}}};
  EXPECT_NEAR(Coverage(quad).at(5, 5), 0.2, 1e-6);
}

TEST(Coverage, AgreesWithItsTestsForWholeRectangles) {
  const Coverage coverage(Quad{{{{10, 10}, {50, 12}, {48, 44}, {9, 40}}}});
  EXPECT_TRUE(coverage.all_inside(20, 20, 30, 30));
  EXPECT_FALSE(coverage.all_inside(5, 20, 30, 30));
  EXPECT_TRUE(coverage.all_outside(60, 0, 80, 60));
  EXPECT_FALSE(coverage.all_outside(40, 0, 80, 60));
}

TEST(Coverage, TellsWholeAndTouchedPixelsOfEveryRow) {
  const Quad quad{{{{3.3, 2.7}, {40.1, 5.2}, {37.9, 31.4}, {1.2, 29.9}}}};
  const Coverage coverage(quad);
  for (int y = 0; y < 34; ++y) {
    const Coverage::Run touched = coverage.touched_pixels(y, 0, 43);
    const Coverage::Run whole = coverage.whole_pixels(y, 0, 43);
    for (int x = 0; x < 43; ++x) {
      EXPECT_EQ(x >= whole.begin && x < whole.end, exact_share(quad, x, y) > 1 - 1e-9) << x << ", " << y;
      EXPECT_TRUE((x >= touched.begin && x < touched.end) || coverage.at(x, y) <= 0) << x << ", " << y;
    }
  }
}

TEST(Coverage, TouchesNothingInARowBesideTheQuad) {
  const Coverage coverage(Quad{{{{10, 10}, {50, 10}, {50, 40}, {10, 40}}}});
  EXPECT_EQ(coverage.touched_pixels(5, 0, 60).begin, 60);
  EXPECT_EQ(coverage.whole_pixels(9, 0, 60).begin, 60);
}

}  // namespace
}  // namespace vitrine
