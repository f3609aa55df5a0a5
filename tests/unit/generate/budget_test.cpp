#include "vitrine/generate/budget.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/errors.h"

namespace vitrine {
namespace {

constexpr MicroUsd kCent{10'000};
constexpr MicroUsd kHuge{std::numeric_limits<std::int64_t>::max()};

TEST(Budget, WithoutLimitsNothingIsRefused) { EXPECT_NO_THROW(require_within({}, kHuge, kHuge)); }

TEST(Budget, ACallMayReachItsLimit) { EXPECT_NO_THROW(require_within({kCent, {}}, {0}, kCent)); }

TEST(Budget, ACallOverItsLimitIsRefused) {
  EXPECT_EQ(code_of([] { require_within({kCent, {}}, {0}, {10'001}); }), ErrorCode::quota_exhausted);
}

TEST(Budget, ADayMayReachItsLimit) { EXPECT_NO_THROW(require_within({{}, kCent}, {4'000}, {6'000})); }

TEST(Budget, ADayOverItsLimitIsRefused) {
  EXPECT_EQ(code_of([] { require_within({{}, kCent}, {4'000}, {6'001}); }), ErrorCode::quota_exhausted);
}

TEST(Budget, ADayThatIsOverAlreadyRefusesEvenWhatIsFree) {
  EXPECT_EQ(code_of([] { require_within({{}, kCent}, {10'001}, {0}); }), ErrorCode::quota_exhausted);
}

TEST(Budget, SumsThatDoNotFitAreRefusedAndNotWrapped) {
  EXPECT_EQ(code_of([] { require_within({{}, kCent}, kHuge, kHuge); }), ErrorCode::quota_exhausted);
}

TEST(Budget, SaysWhatWasSpentWhatItWouldCostAndTheLimit) {
  const auto message = message_of([] { require_within({{}, kCent}, {4'000}, {6'001}); });
  EXPECT_NE(message.find("0.004000"), std::string::npos) << message;
  EXPECT_NE(message.find("0.006001"), std::string::npos) << message;
  EXPECT_NE(message.find("0.010000"), std::string::npos) << message;
}

TEST(Budget, IsNotMendedByARetry) {
  try {
    require_within({kCent, {}}, {0}, kHuge);
    FAIL() << "a call over its limit passed";
  } catch (const Error& error) {
    EXPECT_FALSE(error.retryable());
  }
}

TEST(Budget, RefusesAmountsBelowZero) {
  EXPECT_THROW(require_within({}, {-1}, {0}), std::invalid_argument);
  EXPECT_THROW(require_within({}, {0}, {-1}), std::invalid_argument);
  EXPECT_THROW(require_within({MicroUsd{-1}, {}}, {0}, {0}), std::invalid_argument);
  EXPECT_THROW(require_within({{}, MicroUsd{-1}}, {0}, {0}), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
