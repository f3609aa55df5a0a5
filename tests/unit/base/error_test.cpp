#include "vitrine/base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr int kCodes = static_cast<int>(ErrorCode::disk_full) + 1;

TEST(ErrorCode, HasAWordOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kCodes; ++i) names.insert(name_of(static_cast<ErrorCode>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kCodes));
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(ErrorCode, KeepsThePublishedWords) {
  EXPECT_EQ(name_of(ErrorCode::invalid_image), "invalid_image");
  EXPECT_EQ(name_of(ErrorCode::lease_lost), "lease_lost");
  EXPECT_EQ(name_of(ErrorCode::disk_full), "disk_full");
}

TEST(Error, CarriesCodeAndMessage) {
  const Error error(ErrorCode::not_found, "There is no job 7.");
  EXPECT_EQ(error.code(), ErrorCode::not_found);
  EXPECT_STREQ(error.what(), "There is no job 7.");
  EXPECT_FALSE(error.retry_after());
}

TEST(Error, IsRetryableWhenTimeAloneMayCureIt) {
  EXPECT_TRUE(Error(ErrorCode::rate_limited, "").retryable());
  EXPECT_TRUE(Error(ErrorCode::unavailable, "").retryable());
  EXPECT_TRUE(Error(ErrorCode::deadline_exceeded, "").retryable());
  EXPECT_FALSE(Error(ErrorCode::invalid_image, "").retryable());
  EXPECT_FALSE(Error(ErrorCode::disk_full, "").retryable());
  EXPECT_FALSE(Error(ErrorCode::cancelled, "").retryable());
}

TEST(Error, IsNotRetryableIfItMustNeverBe) {
  const Error error(ErrorCode::unavailable, "It may be paid for.", Retry::never);
  EXPECT_FALSE(error.retryable());
  EXPECT_FALSE(about("job 7", error).retryable()) << "a subject must not make it so";
}

TEST(Error, NamesItsSubject) {
  const Error error = about("'a.png'", Error(ErrorCode::invalid_image, "It is cut off."));
  EXPECT_STREQ(error.what(), "'a.png': It is cut off.");
  EXPECT_EQ(error.code(), ErrorCode::invalid_image);
}

TEST(Error, KeepsItsRetryTimeWithASubject) {
  const Error error = about("job 7", Error(ErrorCode::rate_limited, "Too fast.", 3s));
  EXPECT_EQ(error.retry_after(), 3s);
}

}  // namespace
}  // namespace vitrine
