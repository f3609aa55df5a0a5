#include "vitrine/generate/submit_unknown.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

bool retryable_as_a_plain_error(const Error& error) { return error.retryable(); }

TEST(SubmitUnknown, IsNotRetryableEvenWhenCaughtAsAPlainError) {
  EXPECT_FALSE(retryable_as_a_plain_error(SubmitUnknown("It may be paid for.")));
}

TEST(SubmitUnknown, IsNotRetryableWithASubject) {
  EXPECT_FALSE(about("Job 1", SubmitUnknown("It may be paid for.")).retryable());
}

}  // namespace
}  // namespace vitrine
