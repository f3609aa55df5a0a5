#include "jobs/firestore_value.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vitrine {
namespace {

using nlohmann::json;

Timestamp at(std::int64_t microseconds) { return Timestamp(std::chrono::microseconds(microseconds)); }

TEST(FirestoreValue, AWholeNumberTravelsAsAText) { EXPECT_EQ(integer_value(7), (json{{"integerValue", "7"}})); }
TEST(FirestoreValue, WhatJsonHasNoNameForTravelsAsAText) {
  EXPECT_EQ(number_value(std::nan("")), (json{{"doubleValue", "NaN"}}));
  EXPECT_EQ(number_value(-INFINITY), (json{{"doubleValue", "-Infinity"}}));
}
TEST(FirestoreValue, AnArrayInAnArrayBecomesAText) {
  EXPECT_EQ(value_of(json::parse("[[1]]")), array_value(json::array({text_value("[1]")})));
}
TEST(FirestoreValue, AnObjectBecomesAMap) {
  EXPECT_EQ(value_of(json::parse(R"({"a":1.5,"b":null})")),
            map_value({{"a", number_value(1.5)}, {"b", {{"nullValue", nullptr}}}}));
}

TEST(FirestoreTime, HasMicroseconds) { EXPECT_EQ(rfc3339(at(1'700'000'000'000'001)), "2023-11-14T22:13:20.000001Z"); }
TEST(FirestoreTime, ComesBack) { EXPECT_EQ(time_of_rfc3339(rfc3339(at(1'234'567'890'123'456))), at(1'234'567'890'123'456)); }
TEST(FirestoreTime, BeforeTheEpochComesBack) { EXPECT_EQ(time_of_rfc3339(rfc3339(at(-1))), at(-1)); }
TEST(FirestoreTime, CanHaveNoFraction) { EXPECT_EQ(time_of_rfc3339("1970-01-01T00:00:01Z"), at(1'000'000)); }
TEST(FirestoreTime, IsCutToMicroseconds) { EXPECT_EQ(time_of_rfc3339("1970-01-01T00:00:00.123456789Z"), at(123'456)); }
TEST(FirestoreTime, CanHaveAnOffset) { EXPECT_EQ(time_of_rfc3339("1970-01-01T01:00:00+01:00"), at(0)); }

class BadTime : public ::testing::TestWithParam<const char*> {};
TEST_P(BadTime, IsNone) { EXPECT_FALSE(time_of_rfc3339(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Texts, BadTime,
                         ::testing::Values("", "now", "1970-01-01", "1970-13-01T00:00:00Z", "1970-02-30T00:00:00Z",
                                           "1970-01-01T25:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z",
                                           "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00+1"));

class Fields : public ::testing::Test {
 protected:
  const json fields_{{"a", text_value("x")},
                     {"n", integer_value(-3)},
                     {"written", text_value("42")},
                     {"when", text_value("1970-01-01T00:00:01Z")},
                     {"m", map_value({{"inner", flag_value(true)}})},
                     {"empty", {{"mapValue", json::object()}}},
                     {"odd", 5},
                     {"huge", {{"integerValue", "99999999999999999999"}}}};
  const FirestoreFields read_{fields_};
};
TEST_F(Fields, AreReadByType) {
  EXPECT_EQ(read_.text("a"), "x");
  EXPECT_EQ(read_.integer("n"), -3);
}
TEST_F(Fields, OfAnotherTypeAreEmpty) {
  EXPECT_FALSE(read_.integer("a"));
  EXPECT_FALSE(read_.text("n"));
  EXPECT_FALSE(read_.text("odd"));
}
TEST_F(Fields, InAMapAreNamedWithADot) { EXPECT_EQ(read_.flag("m.inner"), true); }
TEST_F(Fields, OfAnEmptyMapAreMissing) { EXPECT_FALSE(read_.has("empty.inner")); }
TEST_F(Fields, BelowAFieldThatIsNoMapAreMissing) { EXPECT_FALSE(read_.has("a.inner")); }
TEST_F(Fields, OutOfRangeAreEmpty) { EXPECT_FALSE(read_.integer("huge")); }
TEST_F(Fields, AsTextsAreReadAsNumbersAndTimes) {
  EXPECT_EQ(read_.number("written"), 42);
  EXPECT_EQ(read_.time("when"), at(1'000'000));
}

}  // namespace
}  // namespace vitrine
