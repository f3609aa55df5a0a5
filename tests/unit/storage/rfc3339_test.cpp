#include "storage/rfc3339.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

using namespace std::chrono_literals;

TEST(Rfc3339, ReadsWholeSecondsAndDecimals) {
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20Z"), Timestamp(1'700'000'000s));
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20.5Z"), Timestamp(1'700'000'000s + 500ms));
  EXPECT_EQ(parse_rfc3339("2023-11-14T22:13:20.123456789Z"), Timestamp(1'700'000'000s + 123'456us));
}

TEST(Rfc3339, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_rfc3339(""));
  EXPECT_FALSE(parse_rfc3339("2023-11-14T22:13:20"));
  EXPECT_FALSE(parse_rfc3339("2023-11-14T22:13:20.Z"));
  EXPECT_FALSE(parse_rfc3339("2023-11-14T22:13:20+01:00"));
  EXPECT_FALSE(parse_rfc3339("2023-02-30T22:13:20Z"));
  EXPECT_FALSE(parse_rfc3339("2023-11-14T24:13:20Z"));
  EXPECT_FALSE(parse_rfc3339("20231114T221320Z........"));
}

TEST(Rfc3339, WritesTheCompactForm) {
  EXPECT_EQ(compact_time(Timestamp(1'700'000'000s)), "20231114T221320Z");
  EXPECT_EQ(compact_time(Timestamp(999ms)), "19700101T000000Z");
}

}  // namespace
}  // namespace vitrine
