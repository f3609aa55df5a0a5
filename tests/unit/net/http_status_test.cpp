#include "vitrine/net/http_status.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kNow{seconds(784111777)};  // Sun, 06 Nov 1994 08:49:37 GMT

Error error_for(int status, std::vector<HttpHeader> headers = {}) {
  return status_error({status, std::move(headers), {}}, "https://api.example.com/v1?key=s3cret", kNow);
}

TEST(RetryAfter, ReadsSeconds) { EXPECT_EQ(parse_retry_after("120", kNow), seconds(120)); }

TEST(RetryAfter, ReadsZero) { EXPECT_EQ(parse_retry_after(" 0 ", kNow), seconds(0)); }

TEST(RetryAfter, ReadsADate) { EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kNow), seconds(30)); }

TEST(RetryAfter, ReadsTheObsoleteDates) {
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:07 GMT", kNow), seconds(30));
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:07 1994", kNow), seconds(30));
}

TEST(RetryAfter, CountsADateFromTheMicrosecond) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:38 GMT", kNow + milliseconds(250)), milliseconds(750));
}

TEST(RetryAfter, IsZeroForADateThatIsPast) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kNow), seconds(0));
}

TEST(RetryAfter, IsBoundedByAYear) {
  EXPECT_EQ(parse_retry_after("99999999999999999999999", kNow), seconds(366LL * 24 * 60 * 60));
  EXPECT_EQ(parse_retry_after("Fri, 31 Dec 2999 23:59:59 GMT", kNow), seconds(366LL * 24 * 60 * 60));
}

class NoRetryAfter : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Texts, NoRetryAfter, ::testing::Values("", " ", "-5", "1.5", "5 s", "soon", "+5", "0x10"));

TEST_P(NoRetryAfter, IsEmpty) { EXPECT_FALSE(parse_retry_after(GetParam(), kNow)); }

struct Meaning {
  int status;
  ErrorCode code;
  bool retryable;
};
void PrintTo(const Meaning& meaning, std::ostream* out) { *out << meaning.status; }

class StatusError : public ::testing::TestWithParam<Meaning> {};
INSTANTIATE_TEST_SUITE_P(
    Statuses, StatusError,
    ::testing::Values(Meaning{400, ErrorCode::unavailable, false}, Meaning{401, ErrorCode::permission_denied, false},
                      Meaning{402, ErrorCode::quota_exhausted, false},
                      Meaning{403, ErrorCode::permission_denied, false}, Meaning{404, ErrorCode::not_found, false},
                      Meaning{408, ErrorCode::unavailable, true}, Meaning{409, ErrorCode::conflict, false},
                      Meaning{410, ErrorCode::not_found, false}, Meaning{412, ErrorCode::conflict, false},
                      Meaning{413, ErrorCode::image_too_large, false}, Meaning{422, ErrorCode::unavailable, false},
                      Meaning{429, ErrorCode::rate_limited, true}, Meaning{500, ErrorCode::unavailable, true},
                      Meaning{503, ErrorCode::unavailable, true}));

TEST_P(StatusError, HasItsCode) {
  EXPECT_EQ(error_for(GetParam().status).code(), GetParam().code);
  EXPECT_EQ(error_for(GetParam().status).retryable(), GetParam().retryable);
}

TEST(StatusErrorMessage, ShowsHostAndStatusAndNoKey) {
  const std::string message = error_for(404).what();
  EXPECT_NE(message.find("api.example.com answered with status 404"), std::string::npos) << message;
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

TEST(StatusErrorRetryAfter, IsTakenFromTheAnswer) {
  EXPECT_EQ(error_for(429, {{"Retry-After", "7"}}).retry_after(), seconds(7));
  EXPECT_FALSE(error_for(429).retry_after());
}

}  // namespace
}  // namespace vitrine
