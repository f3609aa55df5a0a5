#include "vitrine/storage/object_store.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

class GoodKey : public ::testing::TestWithParam<std::string> {};
TEST_P(GoodKey, IsTaken) { EXPECT_NO_THROW(require_object_key(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Keys, GoodKey,
                         ::testing::Values("a", "a/b/c.png", "...", ".hidden", "a..b", "A-Z_0=9@x+y",
                                           std::string(512, 'k')));

class BadKey : public ::testing::TestWithParam<std::string> {};
TEST_P(BadKey, IsRefused) { EXPECT_THROW(require_object_key(GetParam()), std::invalid_argument); }
INSTANTIATE_TEST_SUITE_P(Keys, BadKey,
                         ::testing::Values("", ".", "..", "../a", "a/..", "a/../b", "a/./b", "/a", "a/", "a//b", "/",
                                           "a b", "a\\b", "a:b", "a%2e", "a~b", "a,b", "a\nb", std::string("a\0b", 3),
                                           "\xc3\xa4", std::string(513, 'k')));

TEST(RequireObjectKey, SaysWhatIsWrong) {
  EXPECT_NE(message_of([] { require_object_key("a/../b"); }).find("'..'"), std::string::npos);
  EXPECT_NE(message_of([] { require_object_key(std::string(600, 'k')); }).find("600"), std::string::npos);
}

}  // namespace
}  // namespace vitrine
