#include "jobs/plain_text.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

class Utf8 : public ::testing::TestWithParam<std::string> {};
TEST_P(Utf8, IsTaken) { EXPECT_TRUE(is_plain_text(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Texts, Utf8,
                         ::testing::Values("", "plain\n\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                           "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"));

class NoUtf8 : public ::testing::TestWithParam<std::string> {};
TEST_P(NoUtf8, IsRefused) { EXPECT_FALSE(is_plain_text(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Texts, NoUtf8,
                         ::testing::Values(std::string(1, '\0'), "\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf",
                                           "\xe1\x80", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                                           "\xf5\x80\x80\x80", "\xff", "\xe1\x80\x41"));

TEST(CutToPlainText, CutsNoCharacterInTwo) {
  EXPECT_EQ(cut_to_plain_text("a\xc3\xa4z", 2), "a");
  EXPECT_EQ(cut_to_plain_text("a\xc3\xa4z", 3), "a\xc3\xa4");
}

TEST(CutToPlainText, ShowsBytesThatAreNoTextAsQuestionMarks) { EXPECT_EQ(cut_to_plain_text("\xff\xc3z", 10), "??z"); }

}  // namespace
}  // namespace vitrine
