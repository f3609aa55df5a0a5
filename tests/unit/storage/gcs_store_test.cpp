#include "vitrine/storage/gcs_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "support/errors.h"
#include "support/fake_gcs.h"
#include "support/instant_clock.h"
#include "support/pattern_source.h"
#include "support/peak_memory.h"
#include "support/temporary_folder.h"
#include "support/test_rsa_key.h"
#include "vitrine/base/sha256.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr std::size_t kChunk = 256u << 10u;

class GcsStore : public ::testing::Test {
 protected:
  static GcsOptions options() {
    GcsOptions options;
    options.bucket = "shop";
    options.endpoint = "https://storage.googleapis.com";
    options.chunk_bytes = kChunk;
    return options;
  }
  std::unique_ptr<ObjectStore> store_with(const GcsOptions& changed) {
    return make_gcs_object_store(changed, service_, credentials_, clock_);
  }
  ObjectStore& store() { return *store_; }
  ObjectRef put(std::string_view key, std::string_view text, PutMode mode = PutMode::create_only) {
    return store().put(key, bytes_of(text), {mode, "image/png"}, context_);
  }
  std::string text(std::string_view key) {
    const Bytes bytes = store().get(key, context_);
    return {bytes.begin(), bytes.end()};
  }
  void faults(std::initializer_list<FakeGcsFault> faults) {
    for (const auto fault : faults) service_->then(fault);
  }
  /// Of `method`, whose address holds `part`.
  std::size_t count(HttpMethod method, std::string_view part) const {
    const auto requests = service_->requests();
    return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [&](const HttpRequest& each) {
      return each.method == method && each.url.find(part) != std::string::npos;
    }));
  }
  static std::string header(const HttpRequest& request, std::string_view name) {
    for (const auto& each : request.headers)
      if (each.name == name) return each.value;
    return {};
  }

  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  std::shared_ptr<FakeGcs> service_ = std::make_shared<FakeGcs>();
  std::shared_ptr<GoogleCredentials> credentials_ = make_google_token_credentials("t1");
  std::unique_ptr<ObjectStore> store_ = store_with(options());
  Context context_;
  const std::string large_ = std::string(3 * kChunk + 1000, 'l');
};

// --- what is stored --------------------------------------------------------------------------------------------------

TEST_F(GcsStore, KeepsTheDigestInTheMetadataFromTheStart) {
  put("a.png", "picture");
  const auto resource = service_->resource("a.png");
  EXPECT_EQ(resource["metadata"]["sha256"], sha256_hex(bytes_of("picture")));
  EXPECT_EQ(resource["contentType"], "image/png");
  EXPECT_EQ(resource["metageneration"], "1");
}

TEST_F(GcsStore, PutsASmallObjectInOneRequest) {
  put("a.png", "picture");
  EXPECT_EQ(service_->requests().size(), 1u);
  EXPECT_THAT(service_->requests().at(0).url, HasSubstr("uploadType=multipart"));
}

TEST_F(GcsStore, PutsALargeObjectInChunks) {
  put("large", large_);
  EXPECT_EQ(count(HttpMethod::put, "/session/"), 4u);
  EXPECT_EQ(text("large"), large_);
}

TEST_F(GcsStore, CreatesWithAGenerationPrecondition) {
  put("a", "x");
  EXPECT_THAT(service_->requests().at(0).url, HasSubstr("ifGenerationMatch=0"));
}

// The replaced system's defect 19: it made every object public.
TEST_F(GcsStore, Defect19_NeverAsksForPublicAccess) {
  put("a", "x");
  put("large", large_);
  for (const auto& request : service_->requests()) EXPECT_THAT(request.url, Not(HasSubstr("predefinedAcl")));
  EXPECT_FALSE(service_->resource("a").contains("acl"));
}

TEST_F(GcsStore, EscapesTheSlashesOfAKey) {
  put("generated-art/1+2=3.png", "x");
  store().head("generated-art/1+2=3.png", context_);
  EXPECT_THAT(service_->requests().at(1).url, HasSubstr("/o/generated-art%2F1%2B2%3D3.png?"));
}

TEST_F(GcsStore, SendsTheToken) {
  put("a", "x");
  EXPECT_EQ(header(service_->requests().at(0), "Authorization"), "Bearer t1");
}

// --- uploads that break ----------------------------------------------------------------------------------------------

class GcsUploadFault : public GcsStore, public ::testing::WithParamInterface<FakeGcsFault> {};

INSTANTIATE_TEST_SUITE_P(Faults, GcsUploadFault,
                         ::testing::Values(FakeGcsFault::lose_request, FakeGcsFault::lose_answer, FakeGcsFault::cut,
                                           FakeGcsFault::busy, FakeGcsFault::slow_down));

TEST_P(GcsUploadFault, OfASmallObjectIsRepeated) {
  faults({GetParam()});
  put("a", "picture");
  EXPECT_EQ(text("a"), "picture");
}

TEST_P(GcsUploadFault, OfTheFirstChunkIsResumed) {
  faults({FakeGcsFault::none, GetParam()});
  put("large", large_);
  EXPECT_EQ(text("large"), large_);
  EXPECT_EQ(count(HttpMethod::post, "uploadType=resumable"), 1u);
}

TEST_P(GcsUploadFault, OfALaterChunkIsResumed) {
  faults({FakeGcsFault::none, FakeGcsFault::none, GetParam()});
  put("large", large_);
  EXPECT_EQ(text("large"), large_);
  EXPECT_EQ(count(HttpMethod::post, "uploadType=resumable"), 1u);
}

TEST_P(GcsUploadFault, OfTheLastChunkIsResumed) {
  faults({FakeGcsFault::none, FakeGcsFault::none, FakeGcsFault::none, FakeGcsFault::none, GetParam()});
  put("large", large_);
  EXPECT_EQ(text("large"), large_);
}

TEST_P(GcsUploadFault, OfAReplaceIsRepeated) {
  put("a", "old");
  faults({GetParam()});
  put("a", "new", PutMode::replace);
  EXPECT_EQ(text("a"), "new");
}

TEST_P(GcsUploadFault, OfTheAnswerToTheQuestionIsAskedAgain) {
  faults({FakeGcsFault::none, FakeGcsFault::lose_answer, GetParam()});
  put("large", large_);
  EXPECT_EQ(text("large"), large_);
}

TEST_F(GcsStore, GoesOnFromWhatTheServiceKept) {
  auto larger = options();
  larger.chunk_bytes = 4 * kChunk;
  const std::string huge(9 * kChunk, 'h');
  faults({FakeGcsFault::none, FakeGcsFault::cut});
  store_with(larger)->put("huge", bytes_of(huge), {}, context_);
  EXPECT_EQ(header(service_->requests().at(2), "Content-Range"), "bytes */2359296");
  EXPECT_EQ(header(service_->requests().at(3), "Content-Range"), "bytes 524288-1572863/2359296");
  EXPECT_EQ(text("huge"), huge);
}

TEST_F(GcsStore, BeginsAnewWhenTheSessionIsGone) {
  faults({FakeGcsFault::none, FakeGcsFault::none, FakeGcsFault::forget});
  put("large", large_);
  EXPECT_EQ(count(HttpMethod::post, "uploadType=resumable"), 2u);
  EXPECT_EQ(text("large"), large_);
}

TEST_F(GcsStore, KnowsItsOwnObjectWhenTheAnswerToACreateWasLost) {
  faults({FakeGcsFault::lose_answer});
  const auto ref = put("a", "picture");
  EXPECT_EQ(count(HttpMethod::post, "upload"), 2u);
  EXPECT_EQ(ref.sha256, sha256_hex(bytes_of("picture")));
}

TEST_F(GcsStore, SaysConflictWhenAnotherWasFasterThanTheRepeat) {
  put("a", "picture");
  faults({FakeGcsFault::busy});
  EXPECT_EQ(code_of([&] { put("a", "picture"); }), ErrorCode::conflict);
}

TEST_F(GcsStore, AConflictNeedsNoSecondLook) {
  put("a", "one");
  EXPECT_EQ(code_of([&] { put("a", "two"); }), ErrorCode::conflict);
  EXPECT_EQ(service_->requests().size(), 2u);
}

TEST_F(GcsStore, ALargeConflictLeavesTheFirst) {
  put("a", "one");
  EXPECT_EQ(code_of([&] { put("a", large_); }), ErrorCode::conflict);
  EXPECT_EQ(text("a"), "one");
}

TEST_F(GcsStore, GivesUpOnASessionThatStandsStill) {
  faults({FakeGcsFault::none});
  for (int i = 0; i < 20; ++i) faults({FakeGcsFault::busy, FakeGcsFault::none});
  const auto start = clock_->now();
  EXPECT_EQ(code_of([&] { put("large", large_); }), ErrorCode::unavailable);
  EXPECT_EQ(count(HttpMethod::put, "/session/"), 12u);
  EXPECT_GT(clock_->now(), start);
}

TEST_F(GcsStore, GivesUpAfterItsTries) {
  for (int i = 0; i < 6; ++i) faults({FakeGcsFault::busy});
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::unavailable);
  EXPECT_EQ(service_->requests().size(), 6u);
}

TEST_F(GcsStore, WaitsAsLongAsItIsTold) {
  const auto start = clock_->now();
  faults({FakeGcsFault::slow_down});
  put("a", "x");
  EXPECT_GE(clock_->now() - start, 7s);
}

TEST_F(GcsStore, PassesTheWaitOnWhenItGivesUp) {
  for (int i = 0; i < 6; ++i) faults({FakeGcsFault::slow_down});
  try {
    put("a", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::rate_limited);
    EXPECT_EQ(error.retry_after(), 7s);
  }
}

// --- downloads -------------------------------------------------------------------------------------------------------

TEST_F(GcsStore, ADownloadGoesOnBehindTheBreak) {
  put("large", large_);
  faults({FakeGcsFault::none, FakeGcsFault::cut});
  EXPECT_EQ(text("large"), large_);
  const auto last = service_->requests().back();
  EXPECT_EQ(header(last, "Range"), "bytes=" + std::to_string(large_.size() / 2) + "-");
  EXPECT_THAT(last.url, HasSubstr("generation=17"));
}

TEST_F(GcsStore, ADownloadThatBreaksBehindItsLastByteIsDone) {
  put("a", "picture");
  faults({FakeGcsFault::none, FakeGcsFault::lose_answer});
  EXPECT_EQ(text("a"), "picture");
}

TEST_F(GcsStore, StopsLookingForAnObjectThatIsNeverTheSame) {
  const auto restless = std::make_shared<MockTransport>([](const HttpRequest& request) {
    if (request.url.find("alt=media") != std::string::npos) return HttpResponse{404, {}, {}};
    if (request.method == HttpMethod::del) return HttpResponse{412, {}, {}};
    return HttpResponse{
        200, {}, bytes_of(R"({"name":"a","size":"1","generation":"1","updated":"2026-11-24T10:20:30Z"})")};
  });
  const auto store = make_gcs_object_store(options(), restless, credentials_, clock_);
  EXPECT_EQ(code_of([&] { store->get("a", context_); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { store->remove("a", context_); }), ErrorCode::unavailable);
}

TEST_F(GcsStore, NeverJoinsTwoGenerations) {
  class ReplacingSink final : public ByteSink {
   public:
    explicit ReplacingSink(std::function<void()> replace) : replace_(std::move(replace)) {}
    void write(ByteView) override {
      if (replace_) std::exchange(replace_, nullptr)();
    }

   private:
    std::function<void()> replace_;
  };
  put("a", large_);
  ReplacingSink sink([&] { put("a", std::string(large_.size(), 'n'), PutMode::replace); });
  faults({FakeGcsFault::none, FakeGcsFault::cut});
  EXPECT_EQ(code_of([&] { store().get("a", sink, context_); }), ErrorCode::unavailable);
}

TEST_F(GcsStore, NoticesDamagedBytes) {
  put("a", "picture");
  service_->damage("a");
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

// --- objects of others -----------------------------------------------------------------------------------------------

TEST_F(GcsStore, ReadsAnObjectThatSomethingElsePut) {
  service_->put_foreign("generated-art/1.png", "picture");
  Bytes bytes;
  const auto ref = store().get("generated-art/1.png", *make_memory_sink(bytes), context_);
  EXPECT_EQ(ref, (ObjectRef{"generated-art/1.png", sha256_hex(bytes_of("picture")), 7, "image/png"}));
  EXPECT_EQ(store().head("generated-art/1.png", context_)->ref.sha256, "");
}

TEST_F(GcsStore, ListsNoNamesThatAreNoKeys) {
  service_->put_foreign("mockups/", "");
  service_->put_foreign("mockups/1 2.png", "x");
  service_->put_foreign("mockups/1.png", "x");
  const auto page = store().list("mockups/", {}, 10, context_);
  ASSERT_EQ(page.objects.size(), 1u);
  EXPECT_EQ(page.objects.at(0).ref.key, "mockups/1.png");
}

// --- remove ----------------------------------------------------------------------------------------------------------

TEST_F(GcsStore, ARemoveWhoseAnswerIsLostSaysItWasThere) {
  put("a", "x");
  faults({FakeGcsFault::none, FakeGcsFault::lose_answer});
  EXPECT_TRUE(store().remove("a", context_));
}

TEST_F(GcsStore, RemovesTheGenerationThatItSaw) {
  put("a", "x");
  store().remove("a", context_);
  EXPECT_THAT(service_->requests().back().url, MatchesRegex(".*ifGenerationMatch=17[0-9]+"));
}

// --- refusals --------------------------------------------------------------------------------------------------------

TEST_F(GcsStore, SaysWhatToGrant) {
  service_->refuse(403, "mockups@shop.test does not have storage.objects.create access.");
  const auto act = [&] { put("a", "x"); };
  EXPECT_EQ(code_of(act), ErrorCode::permission_denied);
  EXPECT_THAT(message_of(act), AllOf(HasSubstr("may not create objects in bucket 'shop'"),
                                     HasSubstr("roles/storage.objectUser"), HasSubstr("storage.objects.create")));
}

TEST_F(GcsStore, TakesARateLimitForNoRefusal) {
  service_->refuse(403, "Slow down", "rateLimitExceeded");
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::rate_limited);
  EXPECT_EQ(service_->requests().size(), 6u);
}

TEST_F(GcsStore, SaysHowToMakeAMissingBucket) {
  auto other = options();
  other.bucket = "shpo";
  const auto store = store_with(other);
  const auto act = [&] { store->put("a", bytes_of("x"), {}, context_); };
  EXPECT_EQ(code_of(act), ErrorCode::not_found);
  EXPECT_THAT(message_of(act), HasSubstr("gcloud storage buckets create gs://shpo --uniform-bucket-level-access"));
  EXPECT_THAT(message_of([&] { store->head("a", context_); }), HasSubstr("There is no bucket 'shpo'"));
  EXPECT_THAT(message_of([&] { store->get("a", context_); }), HasSubstr("There is no bucket 'shpo'"));
  EXPECT_THAT(message_of([&] { store->list("", {}, 1, context_); }), HasSubstr("There is no bucket 'shpo'"));
  EXPECT_THAT(message_of([&] { store->remove("a", context_); }), HasSubstr("There is no bucket 'shpo'"));
}

TEST_F(GcsStore, ARefusalThatStaysIsNotRetryable) {
  service_->refuse(400, "Invalid argument");
  try {
    put("a", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_FALSE(error.retryable());
    EXPECT_THAT(error.what(), HasSubstr("Invalid argument"));
  }
}

TEST_F(GcsStore, SurvivesAnAnswerThatIsNoJson) {
  const auto odd = std::make_shared<MockTransport>([](const HttpRequest&) {
    return HttpResponse{200, {}, bytes_of("<")};
  });
  const auto store = make_gcs_object_store(options(), odd, credentials_, clock_);
  EXPECT_EQ(code_of([&] { store->head("a", context_); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { store->list("", {}, 1, context_); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { store->put("a", bytes_of("x"), {}, context_); }), ErrorCode::unavailable);
}

TEST_F(GcsStore, FetchesANewTokenAfter401) {
  const TestRsaKey key;
  const auto tokens = std::make_shared<MockTransport>();
  tokens->then({200, {}, bytes_of(R"({"access_token":"old","expires_in":3600})")});
  tokens->then({200, {}, bytes_of(R"({"access_token":"new","expires_in":3600})")});
  const auto service = std::make_shared<MockTransport>();
  service->then({401, {}, {}});
  service->then({404, {}, {}});
  const auto credentials = make_google_credentials(
      json{{"type", "service_account"}, {"client_email", "a@b"}, {"private_key", key.pem()}}.dump(), tokens, clock_);
  make_gcs_object_store(options(), service, credentials, clock_)->head("a", context_);
  EXPECT_EQ(header(service->requests().at(1), "Authorization"), "Bearer new");
}

TEST_F(GcsStore, RefusesOptionsOutOfRange) {
  auto wrong = options();
  wrong.bucket = "gs://shop";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.chunk_bytes = 1000;
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.tries = 0;
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.endpoint = "storage.googleapis.com";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
}

// --- addresses -------------------------------------------------------------------------------------------------------

std::string query_part(const std::string& url, const std::string& name) {
  const auto at = url.find(name + "=") + name.size() + 1;
  return url.substr(at, url.find('&', at) - at);
}

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

TEST_F(GcsStore, SignsAnAddressThatEnds) {
  const TestRsaKey key;
  const auto account = make_google_credentials(
      json{{"type", "service_account"}, {"client_email", "a@b.test"}, {"private_key", key.pem()}}.dump(),
      std::make_shared<MockTransport>([](const HttpRequest&) {
        return HttpResponse{200, {}, bytes_of(R"({"access_token":"t","expires_in":3600})")};
      }),
      clock_);
  const auto signing = make_gcs_object_store(options(), service_, account, clock_);
  put("art/a+b.png", "x");
  const auto url = signing->url("art/a+b.png", 3600s, context_);
  EXPECT_THAT(url,
              ::testing::StartsWith(
                  "https://storage.googleapis.com/shop/art/a%2Bb.png?X-Goog-Algorithm=GOOG4-RSA-SHA256"
                  "&X-Goog-Credential=a%40b.test%2F20231114%2Fauto%2Fstorage%2Fgoog4_request"
                  "&X-Goog-Date=20231114T221320Z&X-Goog-Expires=3600&X-Goog-SignedHeaders=host&X-Goog-Signature="));
  const auto query = url.substr(url.find('?') + 1, url.find("&X-Goog-Signature") - url.find('?') - 1);
  const std::string request =
      "GET\n/shop/art/a%2Bb.png\n" + query + "\nhost:storage.googleapis.com\n\nhost\nUNSIGNED-PAYLOAD";
  const std::string text =
      "GOOG4-RSA-SHA256\n20231114T221320Z\n20231114/auto/storage/goog4_request\n" + sha256_hex(bytes_of(request));
  EXPECT_TRUE(key.verifies(bytes_in(text), from_hex(query_part(url, "X-Goog-Signature"))));
}

TEST_F(GcsStore, SaysWhoCanSignWhenTheCredentialsCannot) {
  put("a", "x");
  EXPECT_THAT(message_of([&] { store().url("a", 60s, context_); }), HasSubstr("key file of a service account"));
}

TEST_F(GcsStore, GivesAFirebaseAddressWithTheTokenOfTheObject) {
  auto firebase = options();
  firebase.address = GcsAddress::firebase_token;
  const auto store = store_with(firebase);
  store->put("art/1.png", bytes_of("x"), {}, context_);
  const std::string token = service_->resource("art/1.png")["metadata"]["firebaseStorageDownloadTokens"];
  EXPECT_THAT(token, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(store->url("art/1.png", 60s, context_),
            "https://firebasestorage.googleapis.com/v0/b/shop/o/art%2F1.png?alt=media&token=" + token);
}

TEST_F(GcsStore, EachObjectGetsAFirebaseTokenOfItsOwn) {
  auto firebase = options();
  firebase.address = GcsAddress::firebase_token;
  const auto store = store_with(firebase);
  service_->put_foreign("a", "x");
  service_->put_foreign("b", "x");
  const auto a = store->url("a", 60s, context_);
  EXPECT_NE(query_part(a, "token"), query_part(store->url("b", 60s, context_), "token"));
  EXPECT_EQ(store->url("a", 60s, context_), a);
}

TEST_F(GcsStore, KeepsAFirebaseTokenWhoseAnswerWasLost) {
  auto firebase = options();
  firebase.address = GcsAddress::firebase_token;
  service_->put_foreign("a", "x");
  faults({FakeGcsFault::none, FakeGcsFault::lose_answer});
  const auto url = store_with(firebase)->url("a", 60s, context_);
  EXPECT_EQ(query_part(url, "token"), service_->resource("a")["metadata"]["firebaseStorageDownloadTokens"]);
}

// --- emulator --------------------------------------------------------------------------------------------------------

TEST_F(GcsStore, TheEmulatorVariableSaysWhere) {
  ASSERT_EQ(::setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9023", 1), 0);
  const auto emulator = std::make_shared<MockTransport>();
  auto unset = options();
  unset.endpoint.clear();
  const auto store = make_gcs_object_store(unset, emulator, nullptr, clock_);
  ASSERT_EQ(::unsetenv("STORAGE_EMULATOR_HOST"), 0);
  emulator->then({404, {}, {}});
  store->head("a", context_);
  EXPECT_THAT(emulator->requests().at(0).url, HasSubstr("http://127.0.0.1:9023/storage/v1/b/shop/o/a"));
  EXPECT_TRUE(header(emulator->requests().at(0), "Authorization").empty());
}

// --- memory ----------------------------------------------------------------------------------------------------------

TEST_F(GcsStore, StreamsTwoHundredMegabytesInLessThanTwenty) {
  if (!kMemoryCanBeMeasured) GTEST_SKIP() << "A sanitizer holds freed memory back, so memory cannot be measured.";
  constexpr std::uint64_t kSize = 200u << 20u;
  const TemporaryFolder folder;
  auto large = options();
  large.chunk_bytes = 8u << 20u;
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
