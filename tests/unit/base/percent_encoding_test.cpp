#include "base/percent_encoding.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(PercentEncoding, KeepsWhatRfc3986LeavesUnreserved) {
  EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encoded("a b/c+d=%\xc3\xa9"), "a%20b%2Fc%2Bd%3D%25%C3%A9");
}

TEST(PercentEncoding, KeepsWhatItIsToldToKeep) { EXPECT_EQ(percent_encoded("a/b c", "/"), "a/b%20c"); }

TEST(PercentEncoding, ReadsBothCases) { EXPECT_EQ(percent_decoded("a%2fb%2Fc+"), "a/b/c+"); }

TEST(PercentEncoding, RefusesWhatIsBroken) {
  EXPECT_FALSE(percent_decoded("%"));
  EXPECT_FALSE(percent_decoded("a%2"));
  EXPECT_FALSE(percent_decoded("%zz"));
  EXPECT_FALSE(percent_decoded("%-1"));
}

}  // namespace
}  // namespace vitrine
