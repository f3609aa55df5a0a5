#include "vitrine/image/transfer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vitrine {
namespace {

// The curve of IEC 61966-2-1 in double.
double exact_srgb(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

TEST(Transfer, KnowsValuesOfTheStandard) {
  EXPECT_FLOAT_EQ(linear_from_srgb(0), 0);
  EXPECT_FLOAT_EQ(linear_from_srgb(1), 1);
  EXPECT_NEAR(linear_from_srgb(0.5F), 0.21404114, 1e-6);
  EXPECT_NEAR(srgb_from_linear(0.18F), 0.46135613, 1e-6);
}

TEST(Transfer, IsOddBelowZero) {
  EXPECT_FLOAT_EQ(linear_from_srgb(-0.5F), -linear_from_srgb(0.5F));
  EXPECT_FLOAT_EQ(srgb_from_linear(-0.2F), -srgb_from_linear(0.2F));
}

TEST(Transfer, GoesThereAndBack) {
  for (int i = -100; i <= 200; ++i) {
    const float value = static_cast<float>(i) / 100;
    EXPECT_NEAR(srgb_from_linear(linear_from_srgb(value)), value, 2e-6) << value;
  }
}

TEST(Transfer, TakesEvery8BitValueThereAndBack) {
  for (int i = 0; i < 256; ++i) EXPECT_EQ(srgb8_from_linear(linear_from_srgb8()[static_cast<std::size_t>(i)]), i);
}

TEST(Transfer, RoundsToTheNearestOf8Bits) {
  for (int i = 0; i <= 20'000; ++i) {
    const double linear = i / 20'000.0;
    const double exact = exact_srgb(linear) * 255;
    // Half a level, and what float loses at the steps.
    EXPECT_LE(std::abs(srgb8_from_linear(static_cast<float>(linear)) - exact), 0.5 + 1e-3) << linear;
  }
}

TEST(Transfer, ClampsTo8Bits) {
  EXPECT_EQ(srgb8_from_linear(-0.1F), 0);
  EXPECT_EQ(srgb8_from_linear(1.5F), 255);
  EXPECT_EQ(srgb8_from_linear(std::numeric_limits<float>::infinity()), 255);
  EXPECT_EQ(srgb8_from_linear(std::numeric_limits<float>::quiet_NaN()), 0);
}

}  // namespace
}  // namespace vitrine
