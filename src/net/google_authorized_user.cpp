#include <utility>

#include "base/percent_encoding.h"
#include "net/google_account.h"
#include "net/google_token.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

class AuthorizedUserCredentials final : public GoogleCredentials {
 public:
  AuthorizedUserCredentials(AuthorizedUser user, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
      : user_(std::move(user)),
        transport_(std::move(transport)),
        clock_(std::move(clock)),
        tokens_([this](Context& context) { return fetch(context); }, clock_) {}

  std::vector<HttpHeader> headers(Context& context) override {
    auto headers = bearer_headers(tokens_.get(context));
    if (!user_.quota_project.empty()) headers.push_back({"x-goog-user-project", user_.quota_project});
    return headers;
  }
  void reject(const std::vector<HttpHeader>& headers) override { tokens_.reject(bearer_in(headers)); }
  std::string project(Context&) override { return user_.quota_project; }
  std::string name() const override { return "the person who logged in with gcloud"; }

  std::string account(Context&) override { refuse_to_sign(); }
  Bytes sign(ByteView, Context&) override { refuse_to_sign(); }

 private:
  [[noreturn]] static void refuse_to_sign() {
    throw Error(ErrorCode::permission_denied,
                "A person's gcloud login cannot sign addresses. Set GOOGLE_APPLICATION_CREDENTIALS to the key file of "
                "a service account.");
  }

  GoogleToken fetch(Context& context) const {
    HttpRequest request;
    request.method = HttpMethod::post;
    request.url = user_.token_url;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    const std::string form = "grant_type=refresh_token&client_id=" + percent_encoded(user_.client_id) +
                             "&client_secret=" + percent_encoded(user_.client_secret) +
                             "&refresh_token=" + percent_encoded(user_.refresh_token);
    request.body.assign(form.begin(), form.end());
    request.max_response_bytes = 64u << 10u;
    request.timeout = 20s;
    const auto answer = ask_token_server(*transport_, request, name(), *clock_, context);
    return token_in(answer, name(), clock_->now());
  }

  const AuthorizedUser user_;
  const std::shared_ptr<HttpTransport> transport_;
  const std::shared_ptr<Clock> clock_;
  GoogleTokenCache tokens_;
};

}  // namespace

std::shared_ptr<GoogleCredentials> make_authorized_user_credentials(AuthorizedUser user,
                                                                    std::shared_ptr<HttpTransport> transport,
                                                                    std::shared_ptr<Clock> clock) {
  return std::make_shared<AuthorizedUserCredentials>(std::move(user), std::move(transport), std::move(clock));
}

}  // namespace vitrine
