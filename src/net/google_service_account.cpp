#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "net/google_account.h"
#include "net/google_token.h"
#include "net/rsa_key.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr auto kClockSlack = 30s;  // a clock that is a little ahead must not make a token from the future
constexpr auto kLifetime = 3600s;  // the longest that Google takes
constexpr std::string_view kGrant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";

class ServiceAccountCredentials final : public GoogleCredentials {
 public:
  ServiceAccountCredentials(const ServiceAccountKey& key, std::shared_ptr<HttpTransport> transport,
                            std::shared_ptr<Clock> clock)
      : key_(key),
        signer_(key_.private_key),
        transport_(std::move(transport)),
        clock_(std::move(clock)),
        tokens_([this](Context& context) { return fetch(context); }, clock_) {
    key_.private_key.clear();
  }

  std::vector<HttpHeader> headers(Context& context) override { return bearer_headers(tokens_.get(context)); }
  void reject(const std::vector<HttpHeader>& headers) override { tokens_.reject(bearer_in(headers)); }
  std::string project(Context&) override { return key_.project; }
  std::string name() const override { return "the service account " + key_.email; }

  std::string account(Context&) override { return key_.email; }

  Bytes sign(ByteView message, Context& context) override {
    context.check();
    return signer_.sign(message);
  }

 private:
  GoogleToken fetch(Context& context) const {
    HttpRequest request;
    request.method = HttpMethod::post;
    request.url = key_.token_url;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    // Base64 for URLs and the dots between need no escape in a form.
    const std::string form =
        "grant_type=" + std::string(kGrant) + "&assertion=" + signed_assertion(key_, signer_, clock_->now());
    request.body.assign(form.begin(), form.end());
    request.max_response_bytes = 64u << 10u;
    request.timeout = 20s;
    const auto answer = ask_token_server(*transport_, request, name(), *clock_, context);
    return token_in(answer, name(), clock_->now());
  }

  ServiceAccountKey key_;
  RsaKey signer_;
  std::shared_ptr<HttpTransport> transport_;
  std::shared_ptr<Clock> clock_;
  GoogleTokenCache tokens_;
};

}  // namespace

std::string signed_assertion(const ServiceAccountKey& key, const RsaKey& signer, Timestamp now) {
  const auto issued = std::chrono::floor<std::chrono::seconds>(now) - kClockSlack;
  nlohmann::json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key.key_id.empty()) header["kid"] = key.key_id;
  const nlohmann::json claims = {{"iss", key.email},
                                 {"scope", kGoogleCloudScope},
                                 {"aud", key.token_url},
                                 {"iat", issued.time_since_epoch().count()},
                                 {"exp", (issued + kLifetime).time_since_epoch().count()}};
  const std::string text = base64_url(bytes_in(header.dump())) + "." + base64_url(bytes_in(claims.dump()));
  return text + "." + base64_url(signer.sign(bytes_in(text)));
}

std::shared_ptr<GoogleCredentials> make_service_account_credentials(const ServiceAccountKey& key,
                                                                    std::shared_ptr<HttpTransport> transport,
                                                                    std::shared_ptr<Clock> clock) {
  return std::make_shared<ServiceAccountCredentials>(key, std::move(transport), std::move(clock));
}

}  // namespace vitrine
