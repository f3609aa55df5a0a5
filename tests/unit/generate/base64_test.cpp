#include "generate/base64.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

struct Pair {
  std::string_view plain;
  std::string_view encoded;
};
// The examples of RFC 4648, section 10.
class Base64Examples : public ::testing::TestWithParam<Pair> {};
INSTANTIATE_TEST_SUITE_P(Rfc4648, Base64Examples,
                         ::testing::Values(Pair{"", ""}, Pair{"f", "Zg=="}, Pair{"fo", "Zm8="}, Pair{"foo", "Zm9v"},
                                           Pair{"foob", "Zm9vYg=="}, Pair{"fooba", "Zm9vYmE="},
                                           Pair{"foobar", "Zm9vYmFy"}));

TEST_P(Base64Examples, Encode) { EXPECT_EQ(encode_base64(bytes_of(GetParam().plain)), GetParam().encoded); }

TEST_P(Base64Examples, Decode) { EXPECT_EQ(decode_base64(GetParam().encoded), bytes_of(GetParam().plain)); }

TEST(Base64, ComesBackWhateverTheBytes) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(decode_base64(encode_base64(all)), all);
}

class Base64Refusals : public ::testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Malformed, Base64Refusals,
                         ::testing::Values("Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9-",
                                           "Zh==", "Zm9=", "=Zm9", "Zg==Zg=="));

TEST_P(Base64Refusals, AreNoBase64) { EXPECT_EQ(decode_base64(GetParam()), std::nullopt); }

}  // namespace
}  // namespace vitrine
