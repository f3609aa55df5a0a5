#include "vitrine/base/sha256.h"

#include <gtest/gtest.h>

#include <utility>

#include "support/temporary_folder.h"

namespace vitrine {
namespace {

// Vectors of FIPS 180-4's examples.
TEST(Sha256, KnowsTheDigestOfNothing) {
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, KnowsTheDigestOfAbc) {
  EXPECT_EQ(sha256_hex(bytes_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, KnowsTheDigestOfAMillionLetters) {
  EXPECT_EQ(sha256_hex(Bytes(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameInPieces) {
  Sha256 hash;
  hash.update(bytes_of("a"));
  hash.update({});
  hash.update(bytes_of("bc"));
  EXPECT_EQ(hash.hex_digest(), sha256_hex(bytes_of("abc")));
}

TEST(Sha256, GoesOnAfterAMove) {
  Sha256 first;
  first.update(bytes_of("ab"));
  Sha256 second = std::move(first);
  second.update(bytes_of("c"));
  EXPECT_EQ(second.hex_digest(), sha256_hex(bytes_of("abc")));
}

}  // namespace
}  // namespace vitrine
