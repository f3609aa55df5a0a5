#include "vitrine/image/color_difference.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

struct Pair {
  Lab one;
  Lab other;
  double expected;
};

class PublishedPair : public ::testing::TestWithParam<Pair> {};

// From table 1 of Sharma, Wu & Dalal: hues across zero, greys, the blue region, and large differences.
TEST_P(PublishedPair, HasItsPublishedDifference) {
  EXPECT_NEAR(delta_e_2000(GetParam().one, GetParam().other), GetParam().expected, 1e-4);
}

TEST_P(PublishedPair, DiffersAsMuchTheOtherWayRound) {
  EXPECT_NEAR(delta_e_2000(GetParam().other, GetParam().one), GetParam().expected, 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Sharma, PublishedPair,
                         ::testing::Values(Pair{{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
                                           Pair{{50, 3.1571, -77.2803}, {50, 0, -82.7485}, 2.8615},
                                           Pair{{50, 0, 0}, {50, -1, 2}, 2.3669},
                                           Pair{{50, 2.49, -0.001}, {50, -2.49, 0.0009}, 7.1792},
                                           Pair{{50, 2.5, 0}, {50, 0, -2.5}, 4.3065},
                                           Pair{{50, 2.5, 0}, {73, 25, -18}, 27.1492},
                                           Pair{{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
                                           Pair{{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
                                           Pair{{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082}));

TEST(ColorDifference, IsNoneBetweenEqualColours) { EXPECT_EQ(delta_e_2000({40, 10, -20}, {40, 10, -20}), 0); }

TEST(ColorDifference, PutsWhiteAtTheTopWithoutHue) {
  const Lab white = lab_from_linear({1, 1, 1});
  EXPECT_NEAR(white.lightness, 100, 1e-4);
  EXPECT_NEAR(white.a, 0, 0.01);
  EXPECT_NEAR(white.b, 0, 0.01);
}

}  // namespace
}  // namespace vitrine
