#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "net/google_token.h"
#include "vitrine/base/error.h"
#include "vitrine/net/google_credentials.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kAsker = "the service account of this machine";

// The service account that Google Cloud gives to a machine. It has no key to sign with: IAM signs for it.
class MetadataCredentials final : public GoogleCredentials {
 public:
  MetadataCredentials(std::string host, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
      : host_(std::move(host)),
        transport_(std::move(transport)),
        clock_(std::move(clock)),
        tokens_([this](Context& context) { return fetch(context); }, clock_) {}

  std::vector<HttpHeader> headers(Context& context) override { return bearer_headers(tokens_.get(context)); }
  void reject(const std::vector<HttpHeader>& headers) override { tokens_.reject(bearer_in(headers)); }
  std::string name() const override { return std::string(kAsker); }

  std::string project(Context& context) override { return ask_text("project/project-id", context); }

  std::string account(Context& context) override {
    {
      const std::lock_guard lock(mutex_);
      if (!email_.empty()) return email_;
    }
    auto found = ask_text("instance/service-accounts/default/email", context);
    const std::lock_guard lock(mutex_);
    email_ = found;
    return found;
  }

  Bytes sign(ByteView message, Context& context) override {
    const std::string email = account(context);
    HttpRequest request;
    request.method = HttpMethod::post;
    request.url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/" + email + ":signBlob";
    request.headers = {{"Content-Type", "application/json"}};
    const std::string body = nlohmann::json{{"payload", base64(message)}}.dump();
    request.body.assign(body.begin(), body.end());
    request.max_response_bytes = 64u << 10u;
    request.timeout = 20s;
    return signature_in(send_authorized(*this, *transport_, request, context), email);
  }

 private:
  GoogleToken fetch(Context& context) const {
    return token_in(ask("instance/service-accounts/default/token?scopes=" + std::string(kGoogleCloudScope), context),
                    kAsker, clock_->now());
  }

  HttpResponse ask(const std::string& what, Context& context) const {
    HttpRequest request;
    request.url = "http://" + host_ + "/computeMetadata/v1/" + what;
    request.headers = {{"Metadata-Flavor", "Google"}};
    request.max_response_bytes = 64u << 10u;
    request.timeout = 3s;
    HttpResponse answer;
    try {
      answer = ask_token_server(*transport_, request, kAsker, *clock_, context);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      throw_no_credentials();
    }
    // Anything else at that address, a hotel's login page say, must not hand us a token.
    if (answer.header("Metadata-Flavor") != "Google") throw_no_credentials();
    return answer;
  }

  [[noreturn]] void throw_no_credentials() const {
    throw Error(ErrorCode::permission_denied,
                "There are no Google credentials: no file is named and the metadata server at " + host_ +
                    " does not answer. Set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account, or "
                    "log in with `gcloud auth application-default login`.");
  }

  std::string ask_text(const std::string& what, Context& context) const {
    const auto answer = ask(what, context);
    std::string text(answer.body.begin(), answer.body.end());
    static constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._@:";
    if (!answer.ok() || text.empty() || text.find_first_not_of(kPlain) != std::string::npos)
      throw Error(ErrorCode::unavailable, "The metadata server at " + host_ + " does not tell its " + what +
                                              ". Give the machine a service account, or try again.");
    return text;
  }

  static Bytes signature_in(const HttpResponse& answer, const std::string& account) {
    if (answer.status == 401 || answer.status == 403)
      throw Error(ErrorCode::permission_denied,
                  "IAM does not sign for " + account +
                      ". Grant that account the role roles/iam.serviceAccountTokenCreator on itself and enable the "
                      "IAM Service Account Credentials API.");
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    const auto found = body.is_object() ? body.find("signedBlob") : body.end();
    if (answer.ok() && found != body.end() && found->is_string())
      if (auto bytes = from_base64(found->get_ref<const std::string&>()); bytes && !bytes->empty())
        return *std::move(bytes);
    throw Error(ErrorCode::unavailable,
                "IAM answered " + std::to_string(answer.status) + " and no signature. Try again.");
  }

  const std::string host_;
  const std::shared_ptr<HttpTransport> transport_;
  const std::shared_ptr<Clock> clock_;
  GoogleTokenCache tokens_;
  std::mutex mutex_;
  std::string email_;
};

}  // namespace

std::shared_ptr<GoogleCredentials> make_google_metadata_credentials(std::string host,
                                                                    std::shared_ptr<HttpTransport> transport,
                                                                    std::shared_ptr<Clock> clock) {
  return std::make_shared<MetadataCredentials>(std::move(host), std::move(transport), std::move(clock));
}

}  // namespace vitrine
