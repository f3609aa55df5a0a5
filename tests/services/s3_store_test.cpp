// What only a real server can tell: that it takes our signatures, our parts, our addresses.
#include "vitrine/storage/s3_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/s3_service.h"
#include "support/errors.h"
#include "support/pattern_source.h"
#include "support/peak_memory.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class S3Server : public ::testing::Test {
 protected:
  std::unique_ptr<ObjectStore> store_with(const S3Options& changed) {
    return make_s3_object_store(changed, service_.transport());
  }
  HttpResponse fetch(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return service_.transport()->send(request, context_);
  }

  S3Service service_;
  S3Options options_ = service_.with_new_bucket();
  Context context_;
};

TEST_F(S3Server, TakesOurSignatures) {
  const SignaturesChecked checked(service_);
  const auto store = store_with(options_);
  store->put("art/1.png", bytes_of("picture"), {PutMode::create_only, "image/png"}, context_);
  EXPECT_EQ(store->get("art/1.png", context_), bytes_of("picture"));
  EXPECT_EQ(store->list("art", "a", 10, context_).objects.size(), 1u);
  EXPECT_TRUE(store->remove("art/1.png", context_));
}

TEST_F(S3Server, TakesOurSignaturesOfParts) {
  const SignaturesChecked checked(service_);
  PatternSource source(17u << 20u);
  EXPECT_EQ(store_with(options_)->put("large", source, {}, context_).size, 17u << 20u);
}

TEST_F(S3Server, RefusesASignatureByAnotherKey) {
  const SignaturesChecked checked(service_);
  auto wrong = options_;
  wrong.keys.secret_key = "another";
  const auto act = [&] { store_with(wrong)->put("a", bytes_of("x"), {}, context_); };
  EXPECT_EQ(code_of(act), ErrorCode::permission_denied);
  EXPECT_THAT(message_of(act), HasSubstr("S3 does not take the keys"));
}

TEST_F(S3Server, JoinsTheParts) {
  auto small = options_;
  small.part_bytes = 5u << 20u;
  const auto store = store_with(small);
  PatternSource source(12'345'678);
  const auto ref = store->put("large", source, {}, context_);
  DigestSink sink;
  EXPECT_EQ(store->get("large", sink, context_), ref);
  EXPECT_EQ(sink.digest(), ref.sha256);
}

TEST_F(S3Server, JoinsNoPartsOverAnObject) {
  auto small = options_;
  small.part_bytes = 5u << 20u;
  const auto store = store_with(small);
  store->put("taken", bytes_of("first"), {}, context_);
  PatternSource source(12'345'678);
  EXPECT_EQ(code_of([&] { store->put("taken", source, {}, context_); }), ErrorCode::conflict);
  EXPECT_EQ(store->get("taken", context_), bytes_of("first"));
}

TEST_F(S3Server, ASignedAddressGivesTheObject) {
  const auto store = store_with(options_);
  store->put("art/1+2=@.png", bytes_of("picture"), {PutMode::create_only, "image/png"}, context_);
  const auto answer = fetch(store->url("art/1+2=@.png", 60s, context_));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, bytes_of("picture"));
  EXPECT_EQ(answer.header("Content-Type"), "image/png");
}

TEST_F(S3Server, SaysThatABucketIsMissing) {
  auto other = options_;
  other.bucket = "there-is-none";
  const auto store = store_with(other);
  EXPECT_THAT(message_of([&] { store->put("a", bytes_of("x"), {}, context_); }), HasSubstr("There is no bucket"));
  EXPECT_THAT(message_of([&] { store->head("a", context_); }), HasSubstr("There is no bucket"));
  EXPECT_THAT(message_of([&] { store->list("", {}, 1, context_); }), HasSubstr("There is no bucket"));
}

TEST_F(S3Server, StreamsTwoHundredMegabytesInLessThanTwenty) {
  if (!kMemoryCanBeMeasured) GTEST_SKIP() << "A sanitizer holds freed memory back, so memory cannot be measured.";
  constexpr std::uint64_t kSize = 200u << 20u;
  const TemporaryFolder folder;
  auto large = options_;
  large.spool_folder = folder.path();
  const auto store = store_with(large);
  const PeakMemory memory;
  PatternSource source(kSize);
  const auto ref = store->put("large", source, {}, context_);
  DigestSink sink;
  store->get("large", sink, context_);
  ASSERT_TRUE(memory.growth_bytes());
  RecordProperty("growth_bytes", std::to_string(*memory.growth_bytes()));
  EXPECT_LT(*memory.growth_bytes(), 20u << 20u);
  EXPECT_EQ(sink.digest(), ref.sha256);
}

}  // namespace
}  // namespace vitrine
