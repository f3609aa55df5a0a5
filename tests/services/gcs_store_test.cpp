// Cloud Storage over real HTTP: what a transport in the test's own process cannot tell.
#include "vitrine/storage/gcs_store.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/errors.h"
#include "support/pattern_source.h"
#include "support/peak_memory.h"
#include "support/temporary_folder.h"
#include "vitrine/net/curl_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

class GcsServer : public ::testing::Test {
 protected:
  static GcsOptions options() {
    GcsOptions options;
    options.bucket = "shop";
    const char* endpoint = std::getenv("VITRINE_TEST_GCS_ENDPOINT");
    if (endpoint == nullptr)
      throw std::runtime_error("VITRINE_TEST_GCS_ENDPOINT is not set: run this by CTest or under with_fake_gcs.py.");
    options.endpoint = endpoint;
    return options;
  }

  std::shared_ptr<HttpTransport> transport_ = make_curl_transport();
  Context context_;
};

TEST_F(GcsServer, GoesThroughASession) {
  auto small = options();
  small.chunk_bytes = 256u << 10u;
  const auto store = make_gcs_object_store(small, transport_, nullptr);
  PatternSource source(3'000'001);
  const auto ref = store->put("session", source, {PutMode::replace}, context_);
  DigestSink sink;
  EXPECT_EQ(store->get("session", sink, context_).sha256, ref.sha256);
  EXPECT_EQ(sink.digest(), ref.sha256);
}

TEST_F(GcsServer, AnAddressGivesTheObject) {
  const auto store = make_gcs_object_store(options(), transport_, nullptr);
  store->put("art/1+2=@.png", bytes_of("picture"), {PutMode::replace, "image/png"}, context_);
  HttpRequest request;
  request.url = store->url("art/1+2=@.png", 60s, context_);
  EXPECT_EQ(transport_->send(request, context_).body, bytes_of("picture"));
}

TEST_F(GcsServer, StreamsTwoHundredMegabytesInLessThanTwenty) {
  if (!kMemoryCanBeMeasured) GTEST_SKIP() << "A sanitizer holds freed memory back, so memory cannot be measured.";
  constexpr std::uint64_t kSize = 200u << 20u;
  const TemporaryFolder folder;
  auto large = options();
  large.spool_folder = folder.path();
  const auto store = make_gcs_object_store(large, transport_, nullptr);
  const PeakMemory memory;
  PatternSource source(kSize);
  const auto ref = store->put("large", source, {PutMode::replace}, context_);
  DigestSink sink;
  store->get("large", sink, context_);
  ASSERT_TRUE(memory.growth_bytes());
  RecordProperty("growth_bytes", std::to_string(*memory.growth_bytes()));
  EXPECT_LT(*memory.growth_bytes(), 20u << 20u);
  EXPECT_EQ(sink.digest(), ref.sha256);
  store->remove("large", context_);
}

}  // namespace
}  // namespace vitrine
