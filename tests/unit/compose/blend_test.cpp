#include "compose/blend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// The formulas as the specification prints them, per channel, Cb the backdrop and Cs the source.
double multiply(double cb, double cs) { return cb * cs; }
double screen(double cb, double cs) { return cb + cs - (cb * cs); }
double hard_light(double cb, double cs) { return cs <= 0.5 ? multiply(cb, 2 * cs) : screen(cb, 2 * cs - 1); }
double soft_light(double cb, double cs) {
  const double d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : std::sqrt(cb);
  return cs <= 0.5 ? cb - (1 - 2 * cs) * cb * (1 - cb) : cb + (2 * cs - 1) * (d - cb);
}
double formula(Blend blend, double cb, double cs) {
  switch (blend) {
    case Blend::normal: return cs;
    case Blend::multiply: return multiply(cb, cs);
    case Blend::screen: return screen(cb, cs);
    case Blend::overlay: return hard_light(cs, cb);
    case Blend::soft_light: return soft_light(cb, cs);
    case Blend::hard_light: return hard_light(cb, cs);
    case Blend::darken: return std::min(cb, cs);
    case Blend::lighten: return std::max(cb, cs);
  }
  return -1;
}


class Formula : public ::testing::TestWithParam<std::tuple<Blend, double, double>> {};

Layer grey(double linear, double alpha) {
  const auto value = static_cast<float>(linear);
  return {{value, value, value}, static_cast<float>(alpha)};
}

double linear_of(double encoded) { return static_cast<double>(linear_from_srgb(static_cast<float>(encoded))); }

TEST_P(Formula, IsTheSpecificationsOnLinearLight) {
  const auto [blend, cb, cs] = GetParam();
  const Layer result = blended(grey(cs, 1), grey(cb, 1), blend, BlendSpace::linear);
  EXPECT_NEAR(static_cast<double>(result.color[0]), formula(blend, cb, cs), 1e-5);
}

TEST_P(Formula, IsTheSpecificationsOnEncodedValues) {
  const auto [blend, cb, cs] = GetParam();
  const Layer result = blended(grey(linear_of(cs), 1), grey(linear_of(cb), 1), blend, BlendSpace::encoded);
  EXPECT_NEAR(static_cast<double>(srgb_from_linear(result.color[1])), formula(blend, cb, cs), 1e-4);
}

TEST_P(Formula, MixesByOpacityAsTheSpecificationComposites) {
  const auto [blend, cb, cs] = GetParam();
  constexpr double kBelow = 0.8, kAbove = 0.3;
  const Layer result = blended(grey(cs, kAbove), grey(cb, kBelow), blend, BlendSpace::linear);
  const double source = (1 - kBelow) * cs + kBelow * formula(blend, cb, cs);
  const double total = kAbove + kBelow * (1 - kAbove);
  EXPECT_NEAR(static_cast<double>(result.alpha), total, 1e-6);
  EXPECT_NEAR(static_cast<double>(result.color[2]), (kAbove * source + (1 - kAbove) * kBelow * cb) / total, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Modes, Formula,
                         ::testing::Combine(::testing::Values(Blend::normal, Blend::multiply, Blend::screen, Blend::overlay,
                                                              Blend::soft_light, Blend::hard_light, Blend::darken,
                                                              Blend::lighten),
                                            ::testing::Values(0.0, 0.2, 0.5, 0.9, 1.0),
                                            ::testing::Values(0.0, 0.1, 0.5, 0.7, 1.0)));

TEST(Blend, OfNothingOnNothingIsNothing) {
  EXPECT_EQ(blended(grey(0.5, 0), grey(0.5, 0), Blend::multiply, BlendSpace::encoded).alpha, 0);
}

}  // namespace
}  // namespace vitrine
