#include "vitrine/net/google_credentials.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "net/google_account.h"
#include "net/google_token.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestFile = 1u << 20u;
constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): a host that sets variables meanwhile errs
  return value == nullptr ? std::string() : std::string(value);
}

std::string first_of(std::string first, std::string second) { return first.empty() ? second : first; }

class TokenCredentials final : public GoogleCredentials {
 public:
  explicit TokenCredentials(std::string token) : token_(std::move(token)) {}

  std::vector<HttpHeader> headers(Context& context) override {
    context.check();
    return bearer_headers(token_);
  }
  void reject(const std::vector<HttpHeader>&) override {}
  std::string project(Context&) override { return {}; }
  std::string name() const override { return token_.empty() ? "nobody" : "the holder of a fixed token"; }

  std::string account(Context&) override { refuse_to_sign(); }
  Bytes sign(ByteView, Context&) override { refuse_to_sign(); }

 private:
  [[noreturn]] static void refuse_to_sign() {
    throw Error(ErrorCode::permission_denied,
                "A fixed token cannot sign addresses. Use the key file of a service account.");
  }

  const std::string token_;
};

std::string field(const json& file, const char* name) {
  const auto found = file.find(name);
  return found != file.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string required_field(const json& file, const char* name) {
  auto value = field(file, name);
  if (value.empty())
    throw Error(ErrorCode::corrupt_data,
                std::string("The Google credentials have no '") + name + "'. Download the file again.");
  return value;
}

// The file decides where a signed assertion goes; plain http is for a fake on this machine.
std::string token_url_in(const json& file) {
  std::string url = field(file, "token_uri");
  if (url.empty()) return std::string(kTokenUrl);
  if (!url.starts_with("https://") && !url.starts_with("http://127.0.0.1:") && !url.starts_with("http://localhost:"))
    throw Error(ErrorCode::unsafe_url,
                "The Google credentials name a token_uri that is not https. Download them again.");
  return url;
}

}  // namespace

GoogleEnvironment google_environment() {
  GoogleEnvironment environment;
  environment.credentials_file = variable("GOOGLE_APPLICATION_CREDENTIALS");
  environment.gcloud_folder = variable("CLOUDSDK_CONFIG");
  if (environment.gcloud_folder.empty() && !variable("HOME").empty())
    environment.gcloud_folder = std::filesystem::path(variable("HOME")) / ".config/gcloud";
  environment.project = first_of(variable("GOOGLE_CLOUD_PROJECT"), variable("GCLOUD_PROJECT"));
  environment.metadata_host =
      first_of(first_of(variable("GCE_METADATA_HOST"), variable("GCE_METADATA_IP")), environment.metadata_host);
  environment.metadata_server = variable("NO_GCE_CHECK") != "true";
  environment.storage_emulator = variable("STORAGE_EMULATOR_HOST");
  environment.firestore_emulator = variable("FIRESTORE_EMULATOR_HOST");
  return environment;
}

std::shared_ptr<GoogleCredentials> make_google_credentials(std::string_view text,
                                                           std::shared_ptr<HttpTransport> transport,
                                                           std::shared_ptr<Clock> clock) {
  const json file = json::parse(text, nullptr, false);
  if (!file.is_object())
    throw Error(ErrorCode::corrupt_data, "The Google credentials are no JSON object. Download the file again.");
  const std::string kind = field(file, "type");
  if (kind == "service_account")
    return make_service_account_credentials(
        {required_field(file, "client_email"), field(file, "private_key_id"), required_field(file, "private_key"),
         token_url_in(file), field(file, "project_id")},
        std::move(transport), std::move(clock));
  if (kind == "authorized_user")
    return make_authorized_user_credentials(
        {required_field(file, "client_id"), required_field(file, "client_secret"),
         required_field(file, "refresh_token"), token_url_in(file), field(file, "quota_project_id")},
        std::move(transport), std::move(clock));
  throw Error(ErrorCode::permission_denied,
              "The Google credentials are of the type '" + kind.substr(0, 50) +
                  "'; service_account and authorized_user are supported. Use the key file of a service account.");
}

std::shared_ptr<GoogleCredentials> open_google_credentials(const GoogleEnvironment& environment,
                                                           std::shared_ptr<HttpTransport> transport,
                                                           std::shared_ptr<Clock> clock) {
  auto file = environment.credentials_file;
  const auto login = environment.gcloud_folder / "application_default_credentials.json";
  std::error_code ignored;
  if (file.empty() && !environment.gcloud_folder.empty() && std::filesystem::exists(login, ignored)) file = login;
  if (!file.empty()) {
    try {
      const Bytes text = read_file(file, kLargestFile);
      return make_google_credentials({reinterpret_cast<const char*>(text.data()), text.size()}, std::move(transport),
                                     std::move(clock));
    } catch (const Error& error) {
      throw about(environment.credentials_file.empty() ? file.string() : "GOOGLE_APPLICATION_CREDENTIALS", error);
    }
  }
  if (environment.metadata_server)
    return make_google_metadata_credentials(environment.metadata_host, std::move(transport), std::move(clock));
  throw Error(ErrorCode::permission_denied,
              "There are no Google credentials: no file is named and NO_GCE_CHECK forbids to ask the metadata server. "
              "Set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account.");
}

std::shared_ptr<GoogleCredentials> make_google_token_credentials(std::string token) {
  return std::make_shared<TokenCredentials>(std::move(token));
}

HttpResponse send_authorized(GoogleCredentials& credentials, HttpTransport& transport, const HttpRequest& request,
                             Context& context) {
  HttpRequest authorized = request;
  const auto add = [&] {
    auto headers = credentials.headers(context);
    authorized.headers = request.headers;
    authorized.headers.insert(authorized.headers.end(), headers.begin(), headers.end());
    return headers;
  };
  const auto used = add();
  HttpResponse answer = transport.send(authorized, context);
  if (answer.status != 401) return answer;
  credentials.reject(used);
  if (request.source) return answer;
  add();
  return transport.send(authorized, context);
}

}  // namespace vitrine
