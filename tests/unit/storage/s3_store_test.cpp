#include "vitrine/storage/s3_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/temporary_folder.h"
#include "vitrine/base/sha256.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

HttpResponse answer(int status, std::string_view body = "", std::vector<HttpHeader> headers = {}) {
  return {status, std::move(headers), bytes_of(body)};
}

HttpResponse fault(int status, const std::string& code, const std::string& more = "") {
  return answer(status, "<Error><Code>" + code + "</Code><Message>Because</Message>" + more + "</Error>");
}

HttpResponse found(std::size_t size, const std::string& mark = "", const std::string& digest = "") {
  std::vector<HttpHeader> headers = {{"Content-Length", std::to_string(size)},
                                     {"Content-Type", "image/png"},
                                     {"ETag", "\"e1\""},
                                     {"Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT"}};
  if (!mark.empty()) headers.push_back({"x-amz-meta-vitrine-put", mark});
  if (!digest.empty()) headers.push_back({"x-amz-meta-sha256", digest});
  return answer(200, "", std::move(headers));
}

class S3Store : public ::testing::Test {
 protected:
  static S3Options options() {
    S3Options options;
    options.bucket = "shop";
    options.keys = {"AKIAEXAMPLE", "secret/key", ""};
    options.part_bytes = 5u << 20u;
    return options;
  }
  std::unique_ptr<ObjectStore> store_with(const S3Options& changed) {
    return make_s3_object_store(changed, service_, clock_);
  }
  ObjectRef put(std::string_view key, std::string_view text, PutMode mode = PutMode::create_only) {
    return store_->put(key, bytes_of(text), {mode, "image/png"}, context_);
  }
  HttpRequest sent(std::size_t index) const { return service_->requests().at(index); }
  std::size_t sent_count() const { return service_->requests().size(); }
  static std::string header(const HttpRequest& request, std::string_view name) {
    for (const auto& each : request.headers)
      if (each.name == name) return each.value;
    return {};
  }
  void then(std::initializer_list<HttpResponse> answers) {
    for (const auto& each : answers) service_->then(each);
  }
  /// What every request that is not scripted gets.
  void otherwise(MockTransport::Handler handler) {
    service_ = std::make_shared<MockTransport>(std::move(handler));
    store_ = store_with(options());
  }

  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  std::shared_ptr<MockTransport> service_ = std::make_shared<MockTransport>();
  std::unique_ptr<ObjectStore> store_ = store_with(options());
  Context context_;
};

// --- addresses and signatures ----------------------------------------------------------------------------------------

TEST_F(S3Store, NamesTheBucketInTheHostAtAmazon) {
  then({found(1)});
  store_->head("art/1+2.png", context_);
  EXPECT_EQ(sent(0).url, "https://shop.s3.us-east-1.amazonaws.com/art/1%2B2.png");
}

TEST_F(S3Store, NamesTheBucketInThePathElsewhere) {
  auto elsewhere = options();
  elsewhere.endpoint = "http://127.0.0.1:9000/";
  then({found(1)});
  store_with(elsewhere)->head("a", context_);
  EXPECT_EQ(sent(0).url, "http://127.0.0.1:9000/shop/a");
}

TEST_F(S3Store, NamesABucketWithADotInThePath) {
  auto dotted = options();
  dotted.bucket = "my.shop";
  then({found(1)});
  store_with(dotted)->head("a", context_);
  EXPECT_EQ(sent(0).url, "https://s3.us-east-1.amazonaws.com/my.shop/a");
}

TEST_F(S3Store, TheStyleCanBeChosen) {
  auto hosted = options();
  hosted.endpoint = "https://objects.test";
  hosted.style = S3Style::virtual_host;
  then({found(1)});
  store_with(hosted)->head("a", context_);
  EXPECT_EQ(sent(0).url, "https://shop.objects.test/a");
}

TEST_F(S3Store, SignsThePayloadThatIsSent) {
  then({answer(200)});
  put("a", "picture");
  EXPECT_EQ(header(sent(0), "x-amz-content-sha256"), sha256_hex(bytes_of("picture")));
  EXPECT_EQ(sent(0).body, bytes_of("picture"));
}

TEST_F(S3Store, SignsAnAddress) {
  then({found(1)});
  EXPECT_THAT(store_->url("a", 60s, context_),
              StartsWith("https://shop.s3.us-east-1.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
}

TEST_F(S3Store, FollowsTheBucketToItsRegion) {
  then({answer(301, "", {{"x-amz-bucket-region", "eu-central-1"}}), found(1), found(1)});
  store_->head("a", context_);
  store_->head("b", context_);
  EXPECT_EQ(sent(1).url, "https://shop.s3.eu-central-1.amazonaws.com/a");
  EXPECT_THAT(header(sent(1), "Authorization"), HasSubstr("/eu-central-1/s3/aws4_request"));
  EXPECT_EQ(sent(2).url, "https://shop.s3.eu-central-1.amazonaws.com/b");
}

TEST_F(S3Store, LearnsTheRegionFromARefusal) {
  then({fault(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"), answer(200)});
  put("a", "x");
  EXPECT_THAT(header(sent(1), "Authorization"), HasSubstr("/eu-west-1/s3/aws4_request"));
}

TEST_F(S3Store, DoesNotRunInCircles) {
  otherwise([n = 0](const HttpRequest&) mutable {
    return answer(301, "", {{"x-amz-bucket-region", ++n % 2 == 0 ? "us-east-1" : "us-west-2"}});
  });
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::unavailable);
  EXPECT_EQ(sent_count(), 3u);
}

TEST_F(S3Store, TakesNoRegionThatWouldChangeTheHost) {
  then({answer(301, "", {{"x-amz-bucket-region", "evil.test/"}})});
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::unavailable);
  EXPECT_EQ(sent_count(), 1u);
}

// --- put -------------------------------------------------------------------------------------------------------------

TEST_F(S3Store, CreatesOnlyWhereThereIsNothing) {
  then({answer(200), answer(200)});
  put("a", "x");
  put("a", "x", PutMode::replace);
  EXPECT_EQ(header(sent(0), "If-None-Match"), "*");
  EXPECT_EQ(header(sent(1), "If-None-Match"), "");
}

TEST_F(S3Store, NeverSetsAnAcl) {
  then({answer(200)});
  put("a", "x");
  for (const auto& each : sent(0).headers) EXPECT_THAT(each.name, Not(HasSubstr("acl")));
}

TEST_F(S3Store, KeepsTheDigestInTheMetadata) {
  then({answer(200)});
  put("a", "picture");
  EXPECT_EQ(header(sent(0), "x-amz-meta-sha256"), sha256_hex(bytes_of("picture")));
  EXPECT_EQ(header(sent(0), "Content-Type"), "image/png");
}

TEST_F(S3Store, SaysConflictWhenTheKeyIsTaken) {
  then({fault(412, "PreconditionFailed")});
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::conflict);
  EXPECT_EQ(sent_count(), 1u);
}

TEST_F(S3Store, KnowsItsOwnObjectWhenTheAnswerWasLost) {
  service_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  otherwise([this](const HttpRequest& request) {
    if (request.method == HttpMethod::head) return found(7, header(sent(0), "x-amz-meta-vitrine-put"));
    return fault(412, "PreconditionFailed");
  });
  service_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  EXPECT_NO_THROW(put("a", "picture"));
  EXPECT_EQ(header(sent(0), "x-amz-meta-vitrine-put").size(), 32u);
}

TEST_F(S3Store, KnowsAnothersObjectWhenTheAnswerWasLost) {
  service_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  then({fault(412, "PreconditionFailed"), found(7, "anothers mark")});
  EXPECT_EQ(code_of([&] { put("a", "picture"); }), ErrorCode::conflict);
}

TEST_F(S3Store, RepeatsWhatARaceBroke) {
  then({fault(409, "ConditionalRequestConflict"), answer(200)});
  put("a", "x");
  EXPECT_EQ(sent_count(), 2u);
}

TEST_F(S3Store, WaitsWhenItIsToldToSlowDown) {
  then({fault(503, "SlowDown"), fault(503, "SlowDown"), answer(200)});
  put("a", "x");
  EXPECT_EQ(sent_count(), 3u);
}

TEST_F(S3Store, IsRateLimitedWhenSlowingDownDoesNotHelp) {
  otherwise([](const HttpRequest&) { return fault(503, "SlowDown"); });
  EXPECT_EQ(code_of([&] { put("a", "x"); }), ErrorCode::rate_limited);
  EXPECT_EQ(sent_count(), 6u);
}

// --- parts -----------------------------------------------------------------------------------------------------------

/// Joins parts as S3 does, for one upload.
class PartsService {
 public:
  HttpResponse operator()(const HttpRequest& request) {
    const bool has_id = request.url.find("uploadId=u%2F1") != std::string::npos;
    if (request.method == HttpMethod::post && request.url.ends_with("?uploads="))
      return answer(200, "<R><UploadId>u/1</UploadId></R>");
    if (request.method == HttpMethod::put && has_id) {
      sizes.push_back(request.body.size());
      return answer(200, "", {{"ETag", "\"p" + std::to_string(sizes.size()) + "\""}});
    }
    if (request.method == HttpMethod::post && has_id) {
      completion.assign(request.body.begin(), request.body.end());
      return completed;
    }
    if (request.method == HttpMethod::del && has_id) ++aborts;
    return answer(204);
  }

  std::vector<std::size_t> sizes;
  std::string completion;
  HttpResponse completed = answer(200, "<CompleteMultipartUploadResult/>");
  int aborts = 0;
};

class S3Parts : public S3Store {
 protected:
  S3Parts() {
    otherwise([this](const HttpRequest& request) { return parts_(request); });
  }
  void put_large() { put("large", std::string((11u << 20u) + 1, 'l')); }
  PartsService parts_;
};

TEST_F(S3Parts, ALargeObjectGoesUpInParts) {
  put_large();
  EXPECT_EQ(parts_.sizes, (std::vector<std::size_t>{5u << 20u, 5u << 20u, (1u << 20u) + 1}));
  EXPECT_THAT(parts_.completion, HasSubstr("<Part><PartNumber>2</PartNumber><ETag>\"p2\"</ETag></Part>"));
}

TEST_F(S3Parts, TheConditionHoldsWhenThePartsAreJoined) {
  put_large();
  EXPECT_EQ(header(sent(4), "If-None-Match"), "*");
  EXPECT_EQ(parts_.aborts, 0);
}

TEST_F(S3Parts, ALostPartIsSentAgainByItself) {
  then({answer(200, "<R><UploadId>u/1</UploadId></R>"), answer(200, "", {{"ETag", "\"p0\""}})});
  service_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  put_large();
  EXPECT_EQ(sent_count(), 6u);
  EXPECT_THAT(sent(2).url, HasSubstr("partNumber=2&"));
  EXPECT_EQ(sent(2).url, sent(3).url);
}

TEST_F(S3Parts, AnErrorInsideOfA200IsNoSuccess) {
  parts_.completed = answer(200, "<Error><Code>InternalError</Code></Error>");
  EXPECT_EQ(code_of([&] { put_large(); }), ErrorCode::unavailable);
}

TEST_F(S3Parts, AConflictRemovesTheParts) {
  parts_.completed = fault(412, "PreconditionFailed");
  EXPECT_EQ(code_of([&] { put_large(); }), ErrorCode::conflict);
  EXPECT_EQ(parts_.aborts, 1);
}

TEST_F(S3Parts, ABrokenUploadRemovesTheParts) {
  then({answer(200, "<R><UploadId>u/1</UploadId></R>"), fault(403, "AccessDenied")});
  EXPECT_EQ(code_of([&] { put_large(); }), ErrorCode::permission_denied);
  EXPECT_EQ(parts_.aborts, 1);
}

TEST_F(S3Parts, ACancelRemovesTheParts) {
  otherwise([this](const HttpRequest& request) {
    if (request.method == HttpMethod::put) context_.cancel();
    return parts_(request);
  });
  EXPECT_EQ(code_of([&] { put_large(); }), ErrorCode::cancelled);
  EXPECT_EQ(parts_.aborts, 1);
}

TEST_F(S3Parts, ALostAnswerToTheJoiningIsNoFailure) {
  int completions = 0;
  otherwise([&](const HttpRequest& request) {
    if (request.method == HttpMethod::head) return found((11u << 20u) + 1, header(sent(0), "x-amz-meta-vitrine-put"));
    if (request.method != HttpMethod::post || request.url.ends_with("?uploads=")) return parts_(request);
    return ++completions == 1 ? answer(500) : fault(404, "NoSuchUpload");
  });
  EXPECT_NO_THROW(put_large());
  EXPECT_EQ(completions, 2);
}

// --- get, head, list, remove -----------------------------------------------------------------------------------------

/// Breaks the connection after half of the bytes, once.
class BreakingTransport final : public HttpTransport {
 public:
  HttpResponse send(const HttpRequest& request, Context&) override {
    requests.push_back(request);
    if (request.method == HttpMethod::head) return found(10, "", sha256_hex(bytes_of("0123456789")));
    if (requests.size() == 2) {
      request.sink->write(bytes_of("01234"));
      throw HttpError(ErrorCode::unavailable, "The connection broke.", SendFate::unknown);
    }
    request.sink->write(bytes_of("56789"));
    return answer(206);
  }
  std::vector<HttpRequest> requests;
};

TEST_F(S3Store, ADownloadGoesOnBehindTheBreak) {
  const auto service = std::make_shared<BreakingTransport>();
  const auto store = make_s3_object_store(options(), service, clock_);
  EXPECT_EQ(store->get("a", context_), bytes_of("0123456789"));
  EXPECT_EQ(header(service->requests.at(2), "Range"), "bytes=5-");
  EXPECT_EQ(header(service->requests.at(2), "If-Match"), "\"e1\"");
}

TEST_F(S3Store, LooksAgainWhenTheObjectWasReplacedInBetween) {
  then({found(3), fault(412, "PreconditionFailed"), found(4), answer(200, "next")});
  EXPECT_EQ(store_->get("a", context_), bytes_of("next"));
}

TEST_F(S3Store, StopsLookingForAnObjectThatIsNeverTheSame) {
  otherwise([](const HttpRequest& request) {
    return request.method == HttpMethod::head ? found(1) : fault(412, "PreconditionFailed");
  });
  EXPECT_EQ(code_of([&] { store_->get("a", context_); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { store_->remove("a", context_); }), ErrorCode::unavailable);
}

TEST_F(S3Store, NoticesDamagedBytes) {
  then({found(7, "", sha256_hex(bytes_of("picture"))), answer(200, "pictuRe")});
  EXPECT_EQ(code_of([&] { store_->get("a", context_); }), ErrorCode::corrupt_data);
}

TEST_F(S3Store, NoticesMissingBytes) {
  then({found(7), answer(200, "pic")});
  EXPECT_EQ(code_of([&] { store_->get("a", context_); }), ErrorCode::corrupt_data);
}

TEST_F(S3Store, ReadsAnObjectThatSomethingElsePut) {
  then({found(7), answer(200, "picture")});
  Bytes bytes;
  EXPECT_EQ(store_->get("a", *make_memory_sink(bytes), context_).sha256, sha256_hex(bytes_of("picture")));
}

TEST_F(S3Store, ListsOverPagesAndLeavesOutWhatIsNoKey) {
  const auto object = [](const std::string& key) {
    return "<Contents><Key>" + key +
           "</Key><Size>1</Size><LastModified>2023-11-14T22:13:20.000Z</LastModified></Contents>";
  };
  then({answer(200, "<ListBucketResult>" + object("a") + object("a b") +
                        "<IsTruncated>true</IsTruncated><NextContinuationToken>t/1=</NextContinuationToken>"
                        "</ListBucketResult>"),
        answer(200, "<ListBucketResult>" + object("b") + "<IsTruncated>false</IsTruncated></ListBucketResult>")});
  const auto page = store_->list("", "A+", 5, context_);
  ASSERT_EQ(page.objects.size(), 2u);
  EXPECT_EQ(page.objects.at(1).ref.key, "b");
  EXPECT_FALSE(page.next);
  EXPECT_THAT(sent(0).url, HasSubstr("list-type=2&max-keys=6&prefix=&start-after=A%2B"));
  EXPECT_THAT(sent(1).url, HasSubstr("continuation-token=t%2F1%3D&"));
}

TEST_F(S3Store, RemovesWhatItSaw) {
  then({found(1), answer(204)});
  EXPECT_TRUE(store_->remove("a", context_));
  EXPECT_EQ(header(sent(1), "If-Match"), "\"e1\"");
}

TEST_F(S3Store, ARemoveWhoseAnswerIsLostSaysItWasThere) {
  then({found(1)});
  service_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  then({fault(404, "NoSuchKey")});
  EXPECT_TRUE(store_->remove("a", context_));
}

// --- refusals --------------------------------------------------------------------------------------------------------

TEST_F(S3Store, SaysWhichRightIsMissing) {
  then({fault(403, "AccessDenied")});
  EXPECT_THAT(message_of([&] { put("a", "x"); }), HasSubstr("do not have s3:PutObject on bucket 'shop'"));
  then({fault(403, "AccessDenied")});
  EXPECT_THAT(message_of([&] { store_->list("", {}, 1, context_); }), HasSubstr("s3:ListBucket"));
}

TEST_F(S3Store, SaysHowToMakeAMissingBucket) {
  then({fault(404, "NoSuchBucket")});
  EXPECT_THAT(message_of([&] { put("a", "x"); }),
              AllOf(HasSubstr("There is no bucket 'shop'"), HasSubstr("aws s3api create-bucket --bucket shop")));
}

TEST_F(S3Store, TellsAMissingBucketFromAMissingObject) {
  then({answer(404), answer(404)});
  EXPECT_THAT(message_of([&] { store_->head("a", context_); }), HasSubstr("There is no bucket 'shop'"));
  then({answer(404), answer(200), answer(404)});
  EXPECT_FALSE(store_->head("a", context_));
  EXPECT_FALSE(store_->head("a", context_));
  EXPECT_EQ(sent_count(), 5u);
}

TEST_F(S3Store, NamesWrongKeysWithoutShowingThem) {
  then({fault(403, "SignatureDoesNotMatch")});
  const auto message = message_of([&] { put("a", "x"); });
  EXPECT_THAT(message, HasSubstr("AWS_SECRET_ACCESS_KEY"));
  EXPECT_THAT(message, AllOf(Not(HasSubstr("secret/key")), Not(HasSubstr("AKIAEXAMPLE"))));
}

TEST_F(S3Store, NamesAWrongClock) {
  auto refusal = fault(403, "RequestTimeTooSkewed");
  refusal.headers = {{"Date", "Tue, 14 Nov 2023 22:33:20 GMT"}};
  then({refusal});
  EXPECT_THAT(message_of([&] { put("a", "x"); }), HasSubstr("S3's is 1200 s ahead"));
}

TEST_F(S3Store, SaysThatAServiceCannotCreateSafely) {
  then({fault(501, "NotImplemented")});
  EXPECT_THAT(message_of([&] { put("a", "x"); }), HasSubstr("conditional requests"));
}

TEST_F(S3Store, SurvivesAnAnswerThatIsNone) {
  otherwise([](const HttpRequest&) { return answer(200, "<html>"); });
  EXPECT_EQ(code_of([&] { store_->head("a", context_); }), ErrorCode::unavailable);
  EXPECT_EQ(code_of([&] { store_->list("", {}, 1, context_); }), ErrorCode::unavailable);
}

TEST_F(S3Store, RefusesOptionsOutOfRange) {
  auto wrong = options();
  wrong.bucket = "s3://shop";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.region = "eu/central";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.keys.secret_key.clear();
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.keys.access_key = "a\r\nx-evil: 1";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.part_bytes = 1000;
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
  wrong = options();
  wrong.endpoint = "https://user@objects.test";
  EXPECT_THROW(store_with(wrong), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
