#include "vitrine/base/money.h"

#include <gtest/gtest.h>

#include <limits>

namespace vitrine {
namespace {

TEST(MicroUsd, AddsExactly) {
  MicroUsd sum{100'000};
  sum += MicroUsd{200'000};
  EXPECT_EQ(sum, (MicroUsd{300'000}));
  EXPECT_EQ(sum - MicroUsd{1}, (MicroUsd{299'999}));
  EXPECT_LT(MicroUsd{1}, MicroUsd{2});
}

TEST(MicroUsd, IsWrittenWithSixDecimals) {
  EXPECT_EQ(to_string(MicroUsd{0}), "0.000000");
  EXPECT_EQ(to_string(MicroUsd{1}), "0.000001");
  EXPECT_EQ(to_string(MicroUsd{12'345'678}), "12.345678");
}

TEST(MicroUsd, IsWrittenWithASignBelowZero) {
  EXPECT_EQ(to_string(MicroUsd{-1}), "-0.000001");
  EXPECT_EQ(to_string(MicroUsd{std::numeric_limits<std::int64_t>::min()}), "-9223372036854.775808");
}

}  // namespace
}  // namespace vitrine
