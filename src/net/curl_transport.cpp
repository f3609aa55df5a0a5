#include "vitrine/net/curl_transport.h"

#include <cstdlib>
#include <system_error>
#include <utility>

#include "net/curl_exchange.h"
#include "net/curl_route.h"
#include "net/curl_session.h"
#include "net/request_rules.h"
#include "vitrine/base/log.h"
#include "vitrine/base/version.h"

namespace vitrine {
namespace {

using std::chrono::steady_clock;

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path certificates_of(const CurlOptions& options) {
  if (!options.certificates.empty()) return options.certificates;
  for (const char* name : {"CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"})
    if (const auto value = environment(name); value && !value->empty()) return *value;
  return {};
}

void set_certificates(CurlSettings& settings, const std::filesystem::path& path) {
  if (path.empty()) return;
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (!std::filesystem::exists(status))
    throw Error(ErrorCode::not_found,
                path.string() +
                    ": there are no certificates to trust. Mend "
                    "CurlOptions::certificates or the variables CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE, "
                    "SSL_CERT_FILE and SSL_CERT_DIR.");
  (std::filesystem::is_directory(status) ? settings.certificate_folder : settings.certificate_file) = path.string();
}

CurlSettings settings_of(CurlOptions options, Route route) {
  CurlSettings settings;
  settings.connect_timeout = options.connect_timeout;
  settings.proxies = options.proxy ? ProxyChoice{*options.proxy, *options.proxy, options.no_proxy}
                                   : proxies_of_environment(environment);
  set_certificates(settings, certificates_of(options));
  settings.user_agent = "vitrine/" + std::string(version());
  settings.resolver = std::move(options.resolver);
  settings.route = std::move(route);
  return settings;
}

/// Gives the session back however the exchange ends.
class Borrowed {
 public:
  Borrowed(CurlPool& pool, const std::string& origin) : pool_(pool), session_(pool.take(origin)) {}
  ~Borrowed() { pool_.give_back(std::move(session_)); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  CurlSession& operator*() const { return *session_; }

 private:
  CurlPool& pool_;
  std::unique_ptr<CurlSession> session_;
};

void log_exchange(const HttpRequest& request, const std::string& outcome, steady_clock::time_point begin) {
  if (!log_enabled(LogLevel::debug)) return;
  const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
  log(LogLevel::debug, "net",
      std::string(name_of(request.method)) + " " + redacted(request.url) + ": " + outcome + " after " +
          std::to_string(taken.count()) + " ms");
}

class CurlTransport final : public HttpTransport {
 public:
  CurlTransport(CurlSettings settings, std::size_t max_idle)
      : settings_(std::move(settings)), share_(), pool_(max_idle) {}

  HttpResponse send(const HttpRequest& request, Context& context) override {
    check_before_sending(request, context);
    const auto begin = steady_clock::now();
    check_request(request);
    const Url url = parse_url(request.url);
    const Borrowed session(pool_, url.origin());
    try {
      // A resolver is asked anew for each request, so its answers stay with the session.
      CURLSH* share = settings_.resolver ? nullptr : share_.get();
      HttpResponse response = CurlExchange(settings_, share, *session, request, url).run(context);
      log_exchange(request, "status " + std::to_string(response.status), begin);
      return response;
    } catch (const Error& error) {
      log_exchange(request, std::string(name_of(error.code())), begin);
      throw;
    }
  }

 private:
  CurlSettings settings_;
  CurlShare share_;
  CurlPool pool_;  // after the share: its sessions use it to their end
};

}  // namespace

std::unique_ptr<HttpTransport> make_routed_curl_transport(CurlOptions options, Route route) {
  const std::size_t max_idle = options.max_idle;
  return std::make_unique<CurlTransport>(settings_of(std::move(options), std::move(route)), max_idle);
}

std::unique_ptr<HttpTransport> make_curl_transport(CurlOptions options) {
  return make_routed_curl_transport(std::move(options), nullptr);
}

}  // namespace vitrine
