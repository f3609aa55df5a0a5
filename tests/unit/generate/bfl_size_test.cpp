#include "generate/bfl_size.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace vitrine {
namespace {

constexpr std::string_view kRatios = "auto|21:9|16:9|1:1|9:16";

TEST(BflSize, GivesARatioInItsSmallestNumbers) {
  EXPECT_EQ(ratio_of({1344, 756}), "16:9");
  EXPECT_EQ(ratio_of({1024, 1024}), "1:1");
  EXPECT_EQ(ratio_of({1, 3}), "1:3");
}

TEST(BflSize, FindsTheNearestRatio) {
  EXPECT_EQ(nearest_ratio(kRatios, {1344, 768}), "16:9");
  EXPECT_EQ(nearest_ratio(kRatios, {768, 1344}), "9:16");
  EXPECT_EQ(nearest_ratio(kRatios, {1040, 1024}), "1:1");
}

TEST(BflSize, TakesARatioThatIsFivePercentOff) { EXPECT_EQ(nearest_ratio(kRatios, {1050, 1000}), "1:1"); }

TEST(BflSize, RefusesARatioThatIsFartherOff) {
  EXPECT_THROW(nearest_ratio(kRatios, {1051, 1000}), std::invalid_argument);
  EXPECT_THROW(nearest_ratio("auto", {1000, 1000}), std::invalid_argument);
}

TEST(BflSize, FindsTheNearestResolution) {
  EXPECT_EQ(nearest_resolution({768, 768}), "768sq");
  EXPECT_EQ(nearest_resolution({1024, 1024}), "1k");
  EXPECT_EQ(nearest_resolution({1536, 1536}), "1.5k");
  EXPECT_EQ(nearest_resolution({2048, 2048}), "2k");
  EXPECT_EQ(nearest_resolution({4096, 4096}), "4k");
}

TEST(BflSize, GivesTheSmallestAndTheLargestBeyondThem) {
  EXPECT_EQ(nearest_resolution({1, 1}), "768sq");
  EXPECT_EQ(nearest_resolution({16'384, 16'384}), "4k");
}

}  // namespace
}  // namespace vitrine
