#include "vitrine/generate/bfl_webhook.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "generate/bfl_answer.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostBytes = 1u << 20u;
constexpr std::string_view kScheme = "sha256=";

bool same_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hmac_hex(ByteView body, std::string_view secret) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), body.data(), body.size(), digest.data(),
           &size) == nullptr)
    throw std::runtime_error("OpenSSL offers no HMAC-SHA256.");
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4U];
    text += kHex[digest[i] & 15U];
  }
  return text;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_signed(ByteView body, const std::vector<HttpHeader>& headers, std::string_view secret) {
  const HttpResponse carrier{0, headers, {}};  // for its look-up of names in any case
  if (const auto signature = carrier.header("X-BFL-Signature"))
    return signature->starts_with(kScheme) &&
           same_in_constant_time(lower(signature->substr(kScheme.size())), hmac_hex(body, secret));
  const auto plain = carrier.header("X-Webhook-Secret");
  return plain && same_in_constant_time(*plain, secret);
}

}  // namespace

BflWebhookEvent verify_bfl_webhook(ByteView body, const std::vector<HttpHeader>& headers, std::string_view secret) {
  if (secret.empty() || secret.size() > kMostBytes)
    throw std::invalid_argument(
        "The webhook secret is empty or longer than a megabyte. Use the one that was sent with "
        "the order.");
  if (body.size() > kMostBytes)
    throw Error(ErrorCode::image_too_large, "The webhook has " + std::to_string(body.size()) +
                                                " bytes; the limit is 1 MiB. Answer it with status 413.");
  if (!is_signed(body, headers, secret))
    throw Error(ErrorCode::permission_denied,
                "The webhook does not carry a sign made with our secret, so anybody may "
                "have sent it. Answer it with status 401 and poll the task.");
  const std::string_view text(reinterpret_cast<const char*>(body.data()), body.size());
  const auto receipt = parse_bfl_receipt(text);  // for the id, which has the same name here
  auto report = parse_bfl_report(text, secret);
  if (!receipt || report.word.empty())
    throw Error(ErrorCode::corrupt_data, "The webhook is signed, but holds no id or no status. Poll the task.");
  return {receipt->id, std::move(report.status)};
}

}  // namespace vitrine
