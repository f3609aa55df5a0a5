#include "net/http_date.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

using namespace std::chrono_literals;

TEST(HttpDate, ReadsTheExampleOfRfc9110) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Timestamp(784'111'777s));
}

TEST(HttpDate, ReadsTheObsoleteForms) {
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), Timestamp(784'111'777s));
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), Timestamp(784'111'777s));
}

TEST(HttpDate, TakesTwoDigitsForTheYearsAround2000) {
  EXPECT_EQ(parse_http_date("Monday, 06-Nov-23 08:49:37 GMT"), Timestamp(1'699'260'577s));
}

TEST(HttpDate, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_http_date(""));
  EXPECT_FALSE(parse_http_date("Sun, 31 Feb 2021 08:49:37 GMT"));
  EXPECT_FALSE(parse_http_date("Sun, 06 anF 1994 08:49:37 GMT"));
  EXPECT_FALSE(parse_http_date("Sun, 06 Nov 1994 24:00:00 GMT"));
  EXPECT_FALSE(parse_http_date("1994-11-06T08:49:37Z"));
}

}  // namespace
}  // namespace vitrine
