#include "generate/bfl_client.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "generate/bfl_errors.h"
#include "generate/bfl_wait.h"
#include "vitrine/base/error.h"
#include "vitrine/generate/submit_unknown.h"
#include "vitrine/net/download.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_status.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostAnswerBytes = 1u << 20u;  // of JSON
constexpr int kMostRedirects = 3;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// A key that was read from a file often ends with a line break, which would break the header.
std::string usable_key(std::string_view key) {
  const std::string_view inner = trimmed(key);
  if (!std::all_of(inner.begin(), inner.end(), [](char c) { return c > ' ' && c <= '~'; }))
    throw std::invalid_argument(
        "BflOptions::api_key has a space, a line break or a character outside of ASCII in it. "
        "Copy BFL_API_KEY again; the key is not shown here.");
  return std::string(inner);
}

std::string_view region_url(BflRegion region) {
  switch (region) {
    case BflRegion::eu:
      return "https://api.eu.bfl.ai";
    case BflRegion::us:
      return "https://api.us.bfl.ai";
    case BflRegion::global:
      break;
  }
  return "https://api.bfl.ai";
}

Url read_base(const std::string& text) {
  try {
    Url url = parse_url(text);
    const bool here = url.host == "localhost" || url.host == "127.0.0.1" || url.host == "::1";
    if (url.scheme != "https" && !here)
      throw std::invalid_argument(
          "BflOptions::base_url is not https, so the key would be open to read. Use https, or "
          "http with localhost for a fake service.");
    return url;
  } catch (const Error& error) {
    throw std::invalid_argument(std::string("BflOptions::base_url cannot be used. ") + error.what());
  }
}

UrlPolicy policy_for(std::vector<std::string> hosts, const std::optional<Url>& base) {
  UrlPolicy policy;
  policy.allowed_hosts = std::move(hosts);
  if (base) policy.trusted_hosts.push_back(base->host + ":" + std::to_string(base->port));
  return policy;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      encoded += c;
    else
      encoded.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
  }
  return encoded;
}

[[noreturn]] void throw_unknown(const std::string& why) {
  throw SubmitUnknown("It is not known whether the order arrived: " + why +
                      " It may be paid for. Look at the account's usage before ordering again.");
}

// What came of one attempt to order: an answer, or nothing of it left this machine.
struct Attempt {
  std::optional<HttpResponse> response;
  std::string why_not_sent;
};

void check_options(const BflOptions& options) {
  if (options.max_active < 1)
    throw std::invalid_argument("BflOptions::max_active is " + std::to_string(options.max_active) +
                                "; it must be at least 1.");
  for (const auto& [model, most] : options.max_active_of_model)
    if (most < 1)
      throw std::invalid_argument("BflOptions::max_active_of_model has " + std::to_string(most) + " for " + model +
                                  "; it must be at least 1.");
  for (const milliseconds each : {options.poll_interval, options.first_wait, options.longest_wait, options.patience,
                                  options.task_patience, options.not_found_grace})
    if (each.count() < 0 || each > std::chrono::hours(24 * 365))
      throw std::invalid_argument("A time in BflOptions is " + std::to_string(each.count()) +
                                  " ms; it must be 0 to a year.");
  for (const milliseconds each : {options.submit_timeout, options.request_timeout})
    if (each.count() < 1) throw std::invalid_argument("A timeout in BflOptions is below 1 ms. Use 60000.");
}

}  // namespace

BflClient::BflClient(BflOptions options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
    : options_(std::move(options)), transport_(std::move(transport)), clock_(std::move(clock)) {
  if (!transport_) throw std::invalid_argument("The BFL generator needs a transport. Use make_curl_transport().");
  if (!clock_) throw std::invalid_argument("The BFL generator needs a clock. Use make_system_clock().");
  check_options(options_);
  options_.api_key = usable_key(options_.api_key);
  std::optional<Url> base;
  if (!options_.base_url.empty()) {
    base = read_base(options_.base_url);
    options_.base_url = base->target == "/" ? base->origin() : base->text();
    while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
  }
  api_hosts_ = std::make_shared<const UrlPolicy>(policy_for({"bfl.ai", "*.bfl.ai"}, base));
  delivery_hosts_ = policy_for(options_.delivery_hosts, base);
}

void BflClient::require_key() const {
  if (!key().empty()) return;
  throw Error(ErrorCode::permission_denied,
              "There is no key for Black Forest Labs. Set BFL_API_KEY, or use the "
              "procedural generator, which needs none.");
}

std::string BflClient::base_for(const BflEndpoint& endpoint) const {
  if (!options_.base_url.empty()) return options_.base_url;
  if (endpoint.host.empty()) return std::string(region_url(options_.region));
  if (options_.region == BflRegion::eu)
    throw std::invalid_argument("The model " + std::string(endpoint.model) +
                                " runs in the US only, and BflOptions::region keeps the data in the EU. Use another "
                                "model or region.");
  return "https://" + std::string(endpoint.host);
}

std::string BflClient::polling_url_for(std::string_view id, std::string_view base) const {
  return std::string(base) + "/v1/get_result?id=" + percent_encoded(id);
}

bool BflClient::trusts(std::string_view url) const {
  try {
    check_url(*api_hosts_, url);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Under a context of its own: an order that is cut off on its way has an unknown fate, which costs more than to wait.
HttpResponse BflClient::send_once(const HttpRequest& request) {
  Context own = Context::with_timeout(request.timeout);
  return transport_->send(request, own);
}

HttpResponse BflClient::post_order(const std::string& url, const std::string& body, Context& context) {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.url = url;
  request.headers = {{"x-key", key()}, {"accept", "application/json"}, {"Content-Type", "application/json"}};
  request.body.assign(body.begin(), body.end());
  request.policy = api_hosts_;
  request.max_response_bytes = kMostAnswerBytes;
  request.timeout = options_.submit_timeout;
  const auto attempt = [&]() -> Attempt {
    try {
      return {send_once(request), {}};
    } catch (const HttpError& error) {
      if (error.fate() == SendFate::not_sent) return {std::nullopt, error.what()};
      throw_unknown(error.what());
    } catch (const std::invalid_argument&) {
      throw;  // the transport did not even try
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unsafe_url) throw;  // found out before anything is sent
      throw_unknown(error.what());
    } catch (const std::exception& error) {
      throw_unknown(error.what());
    }
  };
  for (BflWait wait(options_);;) {
    context.check();
    Attempt last = attempt();
    if (!last.response) {
      if (!wait.wait(std::nullopt, context))
        throw Error(ErrorCode::unavailable,
                    "The order could not be sent: " + last.why_not_sent + " Nothing was charged.");
      continue;
    }
    const int status = last.response->status;
    if (last.response->ok()) return std::move(*last.response);
    if (status >= 500 && status != 503)
      throw_unknown("the service answered with status " + std::to_string(status) + ".");
    // 429 and 503 say that the order was not taken. Everything else is for people to mend.
    const bool not_taken = status == 429 || status == 503;
    if (!not_taken || !wait.wait(retry_after_of(*last.response, clock_->now()), context))
      throw refusal(*last.response, "The order");
  }
}

HttpResponse BflClient::ask(const std::string& url, const std::string& what, Context& context) {
  check_url(*api_hosts_, url);
  HttpRequest request;
  request.url = url;
  request.headers = {{"x-key", key()}, {"accept", "application/json"}};
  request.policy = api_hosts_;
  request.max_response_bytes = kMostAnswerBytes;
  request.timeout = options_.request_timeout;
  for (BflWait wait(options_);;) {
    std::optional<Error> trouble;
    try {
      HttpResponse response = transport_->send(request, context);
      if (!is_passing(response.status)) return response;
      trouble = refusal(response, what);
    } catch (const HttpError& error) {
      trouble = Error(ErrorCode::unavailable, what + " got no answer: " + error.what());
    }
    if (!wait.wait(trouble->retry_after(), context)) throw *trouble;
  }
}

BflDelivery BflClient::fetch(const std::string& url, const std::string& what, Context& context) {
  DownloadOptions how;
  how.policy = delivery_hosts_;
  how.max_bytes = options_.max_picture_bytes;
  how.max_redirects = kMostRedirects;
  how.timeout = options_.request_timeout;
  for (BflWait wait(options_);;) {
    try {
      BflDelivery delivery;
      const auto sink = make_memory_sink(delivery.bytes, how.max_bytes);
      delivery.media_type = download(*transport_, url, *sink, how, context).media_type;
      return delivery;
    } catch (const Error& error) {
      if (!error.retryable() || !wait.wait(error.retry_after(), context)) throw about(what, error);
    }
  }
}

Error BflClient::refusal(const HttpResponse& response, const std::string& what) const {
  return bfl_refusal(response, what, key(), clock_->now());
}

}  // namespace vitrine
