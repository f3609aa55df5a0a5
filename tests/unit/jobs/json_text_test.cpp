#include "jobs/json_text.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

class Object : public ::testing::TestWithParam<std::string> {};
TEST_P(Object, IsTaken) { EXPECT_EQ(json_object_fault(GetParam()), ""); }
INSTANTIATE_TEST_SUITE_P(Texts, Object,
                         ::testing::Values("{}", " {\"a\":[1,-2.5e3,true,null,\"\\u0000\"]}\n", "{\"a\":1,\"a\":2}",
                                           "{\"\xc3\xa4\":{}}"));

class NoObject : public ::testing::TestWithParam<std::string> {};
TEST_P(NoObject, IsRefused) { EXPECT_NE(json_object_fault(GetParam()), ""); }
INSTANTIATE_TEST_SUITE_P(Texts, NoObject,
                         ::testing::Values("", " ", "{", "}", "{}{}", "{} x", "[]", "1", "null", "\"a\"", "{'a':1}",
                                           "{\"a\":}", "{\"a\":01}", "{\"a\":1e999}", "{\"a\":NaN}", "{a:1}",
                                           "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{/**/}",
                                           std::string("{\0}", 3), std::string(1'000'000, '['),
                                           std::string(1'000'000, '{')));

TEST(JsonObjectFault, SaysHowDeepIsTooDeep) {
  std::string nested = "1";
  for (int level = 0; level < 64; ++level) nested = "{\"a\":" + nested + "}";
  EXPECT_EQ(json_object_fault(nested), "");
  EXPECT_NE(json_object_fault("{\"a\":" + nested + "}").find("64"), std::string::npos);
}

TEST(SameJson, IgnoresHowItIsWritten) {
  EXPECT_TRUE(same_json(R"({"a":1,"b":[true]})", R"({ "b" : [ true ], "a" : 1 })"));
  EXPECT_FALSE(same_json(R"({"a":[1,2]})", R"({"a":[2,1]})"));
}

}  // namespace
}  // namespace vitrine
