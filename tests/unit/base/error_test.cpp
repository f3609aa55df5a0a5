#include "vitrine/base/error.h"

#include <gtest/gtest.h>

#include "vitrine/generate/submit_unknown.h"

namespace vitrine {
namespace {

bool retryable_as_plain_error(const Error& error) { return error.retryable(); }

TEST(Error, IsRetryableByItsCode) {
  EXPECT_TRUE(Error(ErrorCode::unavailable, "Later.").retryable());
  EXPECT_FALSE(Error(ErrorCode::not_found, "No.").retryable());
}

TEST(SubmitUnknown, IsNotRetryableEvenWhenCaughtAsAPlainError) {
  EXPECT_FALSE(retryable_as_plain_error(SubmitUnknown("It may be paid for.")));
}

TEST(About, KeepsThatAnErrorMustNotBeRetried) {
  EXPECT_FALSE(about("Job 1", SubmitUnknown("It may be paid for.")).retryable());
}

TEST(About, KeepsTheTimeToComeBack) {
  const Error named = about("Job 1", Error(ErrorCode::rate_limited, "Too fast.", std::chrono::seconds(3)));
  EXPECT_EQ(named.retry_after(), std::chrono::seconds(3));
  EXPECT_STREQ(named.what(), "Job 1: Too fast.");
}

}  // namespace
}  // namespace vitrine
