#include "vitrine/net/google_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/run_threads.h"
#include "support/temporary_folder.h"
#include "support/test_rsa_key.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

HttpResponse answer(int status, const std::string& body, std::vector<HttpHeader> headers = {}) {
  return {status, std::move(headers), bytes_of(body)};
}

HttpResponse token_answer(const std::string& token, int seconds = 3600) {
  return answer(200, json{{"access_token", token}, {"expires_in", seconds}, {"token_type", "Bearer"}}.dump());
}

std::string bearer(const std::vector<HttpHeader>& headers) { return headers.empty() ? "" : headers.at(0).value; }

std::string unquoted_base64_url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = from_base64(text).value();
  return {bytes.begin(), bytes.end()};
}

class GoogleCredentialsTest : public ::testing::Test {
 protected:
  json key_file() const {
    return {{"type", "service_account"},         {"project_id", "shop"}, {"private_key_id", "k1"},
            {"private_key", key_.pem()},         {"client_id", "1234"},  {"client_email", "mockups@shop.test"},
            {"token_uri", "https://token.test/"}};
  }
  std::shared_ptr<GoogleCredentials> service_account() {
    return make_google_credentials(key_file().dump(), transport_, clock_);
  }
  std::shared_ptr<GoogleCredentials> metadata() {
    return make_google_metadata_credentials("metadata.test", transport_, clock_);
  }
  std::string sent_body(std::size_t index = 0) const {
    const auto body = transport_->requests().at(index).body;
    return {body.begin(), body.end()};
  }

  TestRsaKey key_;
  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  std::shared_ptr<MockTransport> transport_ = std::make_shared<MockTransport>();
  Context context_;
};

// --- service account -------------------------------------------------------------------------------------------------

TEST_F(GoogleCredentialsTest, ExchangesASignedAssertionForAToken) {
  transport_->then(token_answer("t1"));
  EXPECT_EQ(bearer(service_account()->headers(context_)), "Bearer t1");
  EXPECT_EQ(transport_->requests().at(0).url, "https://token.test/");
  EXPECT_THAT(sent_body(), HasSubstr("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="));
}

TEST_F(GoogleCredentialsTest, TheAssertionIsSignedByTheKey) {
  transport_->then(token_answer("t1"));
  service_account()->headers(context_);
  const auto assertion = sent_body().substr(sent_body().find("assertion=") + 10);
  const auto dot = assertion.rfind('.');
  const std::string signature = unquoted_base64_url(assertion.substr(dot + 1));
  EXPECT_TRUE(key_.verifies(bytes_in(assertion.substr(0, dot)), bytes_in(signature)));
}

TEST_F(GoogleCredentialsTest, TheAssertionNamesAccountKeyAudienceAndTimes) {
  transport_->then(token_answer("t1"));
  service_account()->headers(context_);
  const auto assertion = sent_body().substr(sent_body().find("assertion=") + 10);
  const auto first = assertion.find('.');
  const auto second = assertion.find('.', first + 1);
  const auto header = json::parse(unquoted_base64_url(assertion.substr(0, first)));
  const auto claims = json::parse(unquoted_base64_url(assertion.substr(first + 1, second - first - 1)));
  EXPECT_EQ(header, (json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "k1"}}));
  EXPECT_EQ(claims, (json{{"iss", "mockups@shop.test"},
                          {"scope", kGoogleCloudScope},
                          {"aud", "https://token.test/"},
                          {"iat", 1'699'999'970},
                          {"exp", 1'700'003'570}}));
}

TEST_F(GoogleCredentialsTest, TheAccountSignsByItself) {
  EXPECT_EQ(service_account()->account(context_), "mockups@shop.test");
  EXPECT_TRUE(key_.verifies(bytes_in("text"), service_account()->sign(bytes_in("text"), context_)));
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(GoogleCredentialsTest, KnowsItsProjectAndItsName) {
  EXPECT_EQ(service_account()->project(context_), "shop");
  EXPECT_EQ(service_account()->name(), "the service account mockups@shop.test");
}

// --- the life of a token ---------------------------------------------------------------------------------------------

TEST_F(GoogleCredentialsTest, KeepsATokenUntilFourMinutesBeforeItsEnd) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1", 3600));
  credentials->headers(context_);
  clock_->advance(3600s - 226s);
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t1");
  transport_->then(token_answer("t2"));
  clock_->advance(1s);
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t2");
}

TEST_F(GoogleCredentialsTest, GoesOnWithTheOldTokenWhileTheServerIsAway) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1", 3600));
  credentials->headers(context_);
  clock_->advance(3600s - 200s);
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t1");
}

TEST_F(GoogleCredentialsTest, FailsWhenTheOldTokenIsOverAndTheServerAway) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1", 3600));
  credentials->headers(context_);
  clock_->advance(3600s);
  EXPECT_EQ(code_of([&] { credentials->headers(context_); }), ErrorCode::unavailable);
}

TEST_F(GoogleCredentialsTest, ARejectedTokenIsNotUsedAgain) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1"));
  const auto headers = credentials->headers(context_);
  credentials->reject(headers);
  transport_->then(token_answer("t2"));
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t2");
}

TEST_F(GoogleCredentialsTest, ALateRejectLeavesTheNewToken) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1"));
  const auto old = credentials->headers(context_);
  credentials->reject(old);
  transport_->then(token_answer("t2"));
  credentials->headers(context_);
  credentials->reject(old);
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t2");
}

TEST_F(GoogleCredentialsTest, ManyThreadsShareOneExchange) {
  std::atomic<int> exchanges = 0;
  transport_ = std::make_shared<MockTransport>([&](const HttpRequest&) {
    ++exchanges;
    return token_answer("t1");
  });
  const auto credentials = service_account();
  std::atomic<int> right = 0;
  run_threads(8, [&](int) {
    Context context;
    if (bearer(credentials->headers(context)) == "Bearer t1") ++right;
  });
  EXPECT_EQ(exchanges, 1);
  EXPECT_EQ(right, 8);
}

TEST_F(GoogleCredentialsTest, TakesALifetimeThatIsWrittenAsText) {
  const auto credentials = service_account();
  transport_->then(answer(200, R"({"access_token":"t1","expires_in":"3600"})"));
  credentials->headers(context_);
  clock_->advance(3000s);
  EXPECT_EQ(bearer(credentials->headers(context_)), "Bearer t1");
}

// --- a token server that refuses or fails ----------------------------------------------------------------------------

TEST_F(GoogleCredentialsTest, AsksThreeTimesWhenTheServerIsBusy) {
  transport_->then(answer(503, ""));
  transport_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  transport_->then(token_answer("t1"));
  EXPECT_EQ(bearer(service_account()->headers(context_)), "Bearer t1");
}

TEST_F(GoogleCredentialsTest, GivesUpAfterTheThirdTime) {
  for (int i = 0; i < 3; ++i) transport_->then(answer(503, ""));
  transport_->then(token_answer("too late"));
  EXPECT_EQ(code_of([&] { service_account()->headers(context_); }), ErrorCode::unavailable);
}

TEST_F(GoogleCredentialsTest, NamesAWrongClock) {
  const auto refusal = answer(400, R"({"error":"invalid_grant","error_description":"Invalid JWT"})",
                              {{"Date", "Tue, 14 Nov 2023 22:23:20 GMT"}});  // 600 s after our clock
  transport_->then(refusal);
  const auto message = message_of([&] { service_account()->headers(context_); });
  EXPECT_THAT(message, HasSubstr("the service account mockups@shop.test"));
  EXPECT_THAT(message, HasSubstr("This machine's clock is 600 s behind the server's: set it right."));
}

TEST_F(GoogleCredentialsTest, NamesADeletedKeyWhenTheClockIsRight) {
  transport_->then(answer(400, R"({"error":"invalid_grant"})", {{"Date", "Tue, 14 Nov 2023 22:13:25 GMT"}}));
  const auto message = message_of([&] { service_account()->headers(context_); });
  EXPECT_THAT(message, HasSubstr("Check that the key was not deleted or the account disabled."));
}

TEST_F(GoogleCredentialsTest, ARefusalIsPermissionDenied) {
  transport_->then(answer(401, R"({"error":"unauthorized_client"})"));
  EXPECT_EQ(code_of([&] { service_account()->headers(context_); }), ErrorCode::permission_denied);
}

TEST_F(GoogleCredentialsTest, RefusesATokenThatWouldSmuggleAHeaderIn) {
  transport_->then(answer(200, R"({"access_token":"t\r\nx-evil: 1","expires_in":60})"));
  EXPECT_EQ(code_of([&] { service_account()->headers(context_); }), ErrorCode::unavailable);
}

TEST_F(GoogleCredentialsTest, SurvivesAnAnswerThatIsNoJson) {
  transport_->then(answer(200, "<html>"));
  EXPECT_EQ(code_of([&] { service_account()->headers(context_); }), ErrorCode::unavailable);
}

TEST_F(GoogleCredentialsTest, HeedsCancel) {
  context_.cancel();
  EXPECT_EQ(code_of([&] { service_account()->headers(context_); }), ErrorCode::cancelled);
}

// --- a person's login ------------------------------------------------------------------------------------------------

constexpr const char* kLogin =
    R"({"type":"authorized_user","client_id":"id","client_secret":"a/b","refresh_token":"1//r",)"
    R"("quota_project_id":"shop"})";

TEST_F(GoogleCredentialsTest, ALoginExchangesItsRefreshToken) {
  transport_->then(token_answer("t1"));
  const auto headers = make_google_credentials(kLogin, transport_, clock_)->headers(context_);
  EXPECT_EQ(bearer(headers), "Bearer t1");
  EXPECT_EQ(headers.at(1).name + ": " + headers.at(1).value, "x-goog-user-project: shop");
  EXPECT_EQ(transport_->requests().at(0).url, "https://oauth2.googleapis.com/token");
  EXPECT_EQ(sent_body(), "grant_type=refresh_token&client_id=id&client_secret=a%2Fb&refresh_token=1%2F%2Fr");
}

TEST_F(GoogleCredentialsTest, ALoginSaysWhatCanSign) {
  const auto credentials = make_google_credentials(kLogin, transport_, clock_);
  EXPECT_THAT(message_of([&] { credentials->sign(bytes_in("x"), context_); }),
              HasSubstr("key file of a service account"));
}

// --- metadata server -------------------------------------------------------------------------------------------------

HttpResponse metadata_answer(const std::string& body) { return answer(200, body, {{"metadata-flavor", "Google"}}); }

TEST_F(GoogleCredentialsTest, TheMachineGetsItsTokenFromTheMetadataServer) {
  transport_->then(metadata_answer(R"({"access_token":"t1","expires_in":3599})"));
  EXPECT_EQ(bearer(metadata()->headers(context_)), "Bearer t1");
  const auto request = transport_->requests().at(0);
  EXPECT_THAT(request.url,
              HasSubstr("http://metadata.test/computeMetadata/v1/instance/service-accounts/default/token"));
  EXPECT_EQ(request.headers.at(0).name + ": " + request.headers.at(0).value, "Metadata-Flavor: Google");
}

TEST_F(GoogleCredentialsTest, TakesNoTokenFromAnImpostor) {
  transport_->then(token_answer("stolen"));
  EXPECT_EQ(code_of([&] { metadata()->headers(context_); }), ErrorCode::permission_denied);
}

TEST_F(GoogleCredentialsTest, SaysWhatToDoWithoutAMetadataServer) {
  const auto message = message_of([&] { metadata()->headers(context_); });
  EXPECT_THAT(message, HasSubstr("GOOGLE_APPLICATION_CREDENTIALS"));
  EXPECT_THAT(message, HasSubstr("gcloud auth application-default login"));
}

TEST_F(GoogleCredentialsTest, IamSignsForTheMachine) {
  transport_->then(metadata_answer("vm@shop.test"));
  transport_->then(metadata_answer(R"({"access_token":"t1","expires_in":3599})"));
  transport_->then(answer(200, json{{"keyId", "1"}, {"signedBlob", base64(bytes_in("signature"))}}.dump()));
  const auto credentials = metadata();
  EXPECT_EQ(credentials->sign(bytes_in("text"), context_), bytes_of("signature"));
  EXPECT_EQ(credentials->account(context_), "vm@shop.test");
  EXPECT_EQ(json::parse(sent_body(2)).at("payload"), base64(bytes_in("text")));
}

TEST_F(GoogleCredentialsTest, NamesTheRoleThatSigningNeeds) {
  transport_->then(metadata_answer("vm@shop.test"));
  transport_->then(metadata_answer(R"({"access_token":"t1","expires_in":3599})"));
  transport_->then(answer(403, "{}"));
  EXPECT_THAT(message_of([&] { metadata()->sign(bytes_in("text"), context_); }),
              HasSubstr("roles/iam.serviceAccountTokenCreator"));
}

TEST_F(GoogleCredentialsTest, TheMachineKnowsItsProject) {
  transport_->then(metadata_answer("shop-1"));
  EXPECT_EQ(metadata()->project(context_), "shop-1");
}

// --- which credentials -----------------------------------------------------------------------------------------------

TEST_F(GoogleCredentialsTest, TheNamedFileGoesFirst) {
  const TemporaryFolder folder;
  std::ofstream(folder / "key.json") << key_file();
  std::ofstream(folder / "application_default_credentials.json") << kLogin;
  GoogleEnvironment environment;
  environment.credentials_file = folder / "key.json";
  environment.gcloud_folder = folder.path();
  EXPECT_EQ(open_google_credentials(environment, transport_, clock_)->name(), "the service account mockups@shop.test");
}

TEST_F(GoogleCredentialsTest, ThenWhatGcloudLeft) {
  const TemporaryFolder folder;
  std::ofstream(folder / "application_default_credentials.json") << kLogin;
  GoogleEnvironment environment;
  environment.gcloud_folder = folder.path();
  EXPECT_EQ(open_google_credentials(environment, transport_, clock_)->name(), "the person who logged in with gcloud");
}

TEST_F(GoogleCredentialsTest, ThenTheMachine) {
  EXPECT_EQ(open_google_credentials({}, transport_, clock_)->name(), "the service account of this machine");
}

TEST_F(GoogleCredentialsTest, SaysThatTheNamedFileIsMissing) {
  GoogleEnvironment environment;
  environment.credentials_file = "/nowhere/key.json";
  const auto open = [&] { open_google_credentials(environment, transport_, clock_); };
  EXPECT_EQ(code_of(open), ErrorCode::not_found);
  EXPECT_THAT(message_of(open), HasSubstr("GOOGLE_APPLICATION_CREDENTIALS"));
  EXPECT_THAT(message_of(open), HasSubstr("/nowhere/key.json"));
}

TEST_F(GoogleCredentialsTest, RefusesAFileThatIsNoKey) {
  EXPECT_EQ(code_of([&] { make_google_credentials("PK", transport_, clock_); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { make_google_credentials("[]", transport_, clock_); }), ErrorCode::corrupt_data);
}

TEST_F(GoogleCredentialsTest, NamesWhatTheKeyFileLacks) {
  auto file = key_file();
  file.erase("client_email");
  EXPECT_THAT(message_of([&] { make_google_credentials(file.dump(), transport_, clock_); }),
              HasSubstr("'client_email'"));
}

TEST_F(GoogleCredentialsTest, NeverShowsABrokenKey) {
  auto file = key_file();
  file["private_key"] = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n";
  const auto make = [&] { make_google_credentials(file.dump(), transport_, clock_); };
  EXPECT_EQ(code_of(make), ErrorCode::corrupt_data);
  EXPECT_THAT(message_of(make), Not(HasSubstr("secret")));
}

TEST_F(GoogleCredentialsTest, NamesAKindThatItDoesNotKnow) {
  const auto make = [&] { make_google_credentials(R"({"type":"external_account"})", transport_, clock_); };
  EXPECT_EQ(code_of(make), ErrorCode::permission_denied);
  EXPECT_THAT(message_of(make), HasSubstr("'external_account'"));
}

TEST_F(GoogleCredentialsTest, SendsNoAssertionOverPlainHttp) {
  auto file = key_file();
  file["token_uri"] = "http://token.test/";
  EXPECT_EQ(code_of([&] { make_google_credentials(file.dump(), transport_, clock_); }), ErrorCode::unsafe_url);
}

TEST_F(GoogleCredentialsTest, AFixedTokenIsSentAsItIs) {
  EXPECT_EQ(bearer(make_google_token_credentials("owner")->headers(context_)), "Bearer owner");
  EXPECT_TRUE(make_google_token_credentials("")->headers(context_).empty());
}

// --- send_authorized -------------------------------------------------------------------------------------------------

TEST_F(GoogleCredentialsTest, AsksOnceMoreWithANewTokenAfter401) {
  const auto credentials = service_account();
  transport_->then(token_answer("t1"));
  transport_->then(answer(401, ""));
  transport_->then(token_answer("t2"));
  transport_->then(answer(200, "done"));
  HttpRequest request;
  request.url = "https://service.test/";
  EXPECT_EQ(send_authorized(*credentials, *transport_, request, context_).status, 200);
  EXPECT_EQ(bearer(transport_->requests().at(3).headers), "Bearer t2");
}

TEST_F(GoogleCredentialsTest, AnswersTheSecond401AsItIs) {
  transport_->then(answer(401, ""));
  transport_->then(answer(401, ""));
  HttpRequest request;
  request.url = "https://service.test/";
  EXPECT_EQ(send_authorized(*make_google_token_credentials("owner"), *transport_, request, context_).status, 401);
  EXPECT_EQ(transport_->requests().size(), 2u);
}

}  // namespace
}  // namespace vitrine
