#include "vitrine/generate/bfl_webhook.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/errors.h"

namespace vitrine {
namespace {

constexpr std::string_view kSecret = "whisper";
const std::string kBody =
    R"({"id": "7", "status": "Ready", "result": {"sample": "https://delivery.eu.bfl.ai/7"}, "timestamp": "2026-10-01T00:00:00Z"})";
// printf '%s' "$body" | openssl dgst -sha256 -hmac whisper
const std::string kSignature = "cb82269976595d0f4498cc66329063dac3e9422c34a7f82618cce430b0afc232";

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

BflWebhookEvent verify(const std::vector<HttpHeader>& headers, std::string_view body = kBody) {
  return verify_bfl_webhook(bytes_of(body), headers, kSecret);
}

TEST(BflWebhook, IsReadIfItsSignatureIsOurs) {
  const auto event = verify({{"x-bfl-signature", "sha256=" + kSignature}});
  EXPECT_EQ(event.id, "7");
  EXPECT_EQ(event.status.state, GenerationState::ready);
  EXPECT_EQ(event.status.result_url, "https://delivery.eu.bfl.ai/7");
}

TEST(BflWebhook, IsReadIfItCarriesTheSecret) {
  EXPECT_EQ(verify({{"X-Webhook-Secret", std::string(kSecret)}}).id, "7");
}

TEST(BflWebhook, MayHaveItsSignatureInCapitals) {
  std::string capitals = kSignature;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(verify({{"X-BFL-Signature", "sha256=" + capitals}}).id, "7");
}

TEST(BflWebhook, IsRefusedIfOneByteOfItChanged) {
  std::string changed = kBody;
  changed.replace(changed.find("\"7\""), 3, "\"8\"");
  EXPECT_EQ(code_of([&] {
              verify({{"X-BFL-Signature", "sha256=" + kSignature}}, changed);
            }),
            ErrorCode::permission_denied);
}

class ForgedSigns : public ::testing::TestWithParam<std::vector<HttpHeader>> {};
INSTANTIATE_TEST_SUITE_P(Headers, ForgedSigns,
                         ::testing::Values(std::vector<HttpHeader>{}, std::vector<HttpHeader>{{"X-Webhook-Secret", ""}},
                                           std::vector<HttpHeader>{{"X-Webhook-Secret", "whispe"}},
                                           std::vector<HttpHeader>{{"X-Webhook-Secret", "whisper "}},
                                           std::vector<HttpHeader>{{"X-BFL-Signature", ""}},
                                           std::vector<HttpHeader>{{"X-BFL-Signature", "sha256="}},
                                           std::vector<HttpHeader>{{"X-BFL-Signature", kSignature}},
                                           std::vector<HttpHeader>{{"X-BFL-Signature", "sha1=" + kSignature}},
                                           std::vector<HttpHeader>{
                                               {"X-BFL-Signature", "sha256=" + std::string(64, '0')}},
                                           // A wrong signature is not outweighed by anything else.
                                           std::vector<HttpHeader>{{"X-BFL-Signature", "sha256=0"},
                                                                   {"X-Webhook-Secret", std::string(kSecret)}}));

TEST_P(ForgedSigns, AreRefused) {
  EXPECT_EQ(code_of([] { verify(GetParam()); }), ErrorCode::permission_denied);
}

TEST(BflWebhook, ShowsTheSecretInNoMessage) {
  const auto message = message_of([] { verify({{"X-Webhook-Secret", "wrong"}}); });
  EXPECT_EQ(message.find(kSecret), std::string::npos) << message;
}

const std::vector<HttpHeader> kGood = {{"X-Webhook-Secret", std::string(kSecret)}};

TEST(BflWebhook, TellsOfAFailure) {
  const auto event = verify(kGood, R"({"id": "7", "status": "Error", "error": "gpu", "message": "It broke"})");
  EXPECT_EQ(event.status.state, GenerationState::failed);
  EXPECT_EQ(event.status.detail, "Error (It broke).");
}

TEST(BflWebhook, ThatIsNoReportIsDamaged) {
  EXPECT_EQ(code_of([] { verify(kGood, "hello"); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([] { verify(kGood, R"({"status": "Ready"})"); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([] { verify(kGood, R"({"id": "7"})"); }), ErrorCode::corrupt_data);
}

TEST(BflWebhook, ThatIsTooLongIsNotRead) {
  EXPECT_EQ(code_of([] { verify(kGood, std::string((1u << 20u) + 1, ' ')); }), ErrorCode::image_too_large);
}

TEST(BflWebhook, NeedsASecretThatNotEverybodyHas) {
  EXPECT_THROW(verify_bfl_webhook(bytes_of(kBody), {{"X-Webhook-Secret", ""}}, ""), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
