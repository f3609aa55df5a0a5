#include "vitrine/storage/gcs_place.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(GcsPlace, KnowsThePublicAddressesOfTheReplacedSystem) {
  EXPECT_EQ(gcs_place_of("https://storage.googleapis.com/shop.appspot.com/generated-art/1.png"),
            (GcsPlace{"shop.appspot.com", "generated-art/1.png"}));
}

TEST(GcsPlace, KnowsTheDownloadAddressesOfFirebase) {
  EXPECT_EQ(gcs_place_of("https://firebasestorage.googleapis.com/v0/b/shop.appspot.com/o/"
                         "mockups%2F1700000000000_room%201.png?alt=media&token=s3cret"),
            (GcsPlace{"shop.appspot.com", "mockups/1700000000000_room 1.png"}));
}

TEST(GcsPlace, KnowsABucketInTheHostAndTheToolsForm) {
  EXPECT_EQ(gcs_place_of("https://shop.storage.googleapis.com/a/b.png?X-Goog-Signature=s3cret"),
            (GcsPlace{"shop", "a/b.png"}));
  EXPECT_EQ(gcs_place_of("gs://shop/a%20b"), (GcsPlace{"shop", "a%20b"}));
}

TEST(GcsPlace, KnowsNoOtherHost) {
  EXPECT_FALSE(gcs_place_of("https://evil.test/shop/a"));
  EXPECT_FALSE(gcs_place_of("https://storage.googleapis.com.evil.test/shop/a"));
  EXPECT_FALSE(gcs_place_of("https://evilstorage.googleapis.com/a"));
  EXPECT_FALSE(gcs_place_of("https://user@storage.googleapis.com/shop/a"));
  EXPECT_FALSE(gcs_place_of("http://storage.googleapis.com/shop/a"));
}

TEST(GcsPlace, WantsABucketAndAKey) {
  EXPECT_FALSE(gcs_place_of(""));
  EXPECT_FALSE(gcs_place_of("https://storage.googleapis.com/shop/"));
  EXPECT_FALSE(gcs_place_of("https://storage.googleapis.com//a"));
  EXPECT_FALSE(gcs_place_of("https://storage.googleapis.com/shop/%"));
  EXPECT_FALSE(gcs_place_of("gs://shop"));
  EXPECT_FALSE(gcs_place_of("gs:///a"));
}

}  // namespace
}  // namespace vitrine
