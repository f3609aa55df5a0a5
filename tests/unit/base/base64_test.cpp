#include "base/base64.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace vitrine {
namespace {

TEST(Base64, EncodesTheVectorsOfRfc4648) {
  EXPECT_EQ(base64(bytes_in("")), "");
  EXPECT_EQ(base64(bytes_in("f")), "Zg==");
  EXPECT_EQ(base64(bytes_in("fo")), "Zm8=");
  EXPECT_EQ(base64(bytes_in("foo")), "Zm9v");
  EXPECT_EQ(base64(bytes_in("foob")), "Zm9vYg==");
  EXPECT_EQ(base64(bytes_in("foobar")), "Zm9vYmFy");
}

TEST(Base64, ForUrlsHasNeitherSlashPlusNorPadding) { EXPECT_EQ(base64_url(Bytes{0xfb, 0xff, 0xfe, 0xff}), "-__-_w"); }

TEST(Base64, ReadsWhatItWrote) {
  Bytes all(256);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  for (std::size_t size = 250; size <= 256; ++size) {
    const Bytes some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(from_base64(base64(some)), some);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  EXPECT_FALSE(from_base64("Zg="));
  EXPECT_FALSE(from_base64("Zg==Zg=="));
  EXPECT_FALSE(from_base64("Z*=="));
  EXPECT_FALSE(from_base64("===="));
}

}  // namespace
}  // namespace vitrine
