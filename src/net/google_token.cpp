#include "net/google_token.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/shown_text.h"
#include "net/come_back_later.h"
#include "net/http_date.h"
#include "vitrine/base/error.h"
#include "vitrine/base/log.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// The metadata server hands out the same token until four minutes before its end: asking earlier gains nothing.
constexpr auto kRenewBefore = 3min + 45s;
constexpr auto kLongestLifetime = std::chrono::seconds(24h);
constexpr auto kWorstSkew = 60s;
constexpr auto kNap = 20ms;  // how soon a thread notices the token that another one fetched
constexpr int kTries = 3;
constexpr std::string_view kBearer = "Bearer ";

std::string text_at(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::chrono::seconds lifetime_in(const json& answer) {
  const auto found = answer.find("expires_in");
  long long seconds = 0;
  if (found != answer.end() && found->is_number()) seconds = static_cast<long long>(found->get<double>());
  if (found != answer.end() && found->is_string()) seconds = std::atoll(found->get_ref<const std::string&>().c_str());
  return std::clamp<std::chrono::seconds>(std::chrono::seconds(seconds), 0s, kLongestLifetime);
}

// A token becomes a header: a line break in it would smuggle in another one.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string clock_advice(const HttpResponse& answer, Timestamp now) {
  const auto date = parse_http_date(answer.header("Date").value_or(""));
  if (!date) return " Check that this machine's clock is right and that the key was not deleted.";
  const auto behind = std::chrono::duration_cast<std::chrono::seconds>(*date - now);
  if (std::chrono::abs(behind) <= kWorstSkew) return " Check that the key was not deleted or the account disabled.";
  return " This machine's clock is " + std::to_string(std::chrono::abs(behind).count()) + " s " +
         (behind > 0s ? "behind" : "ahead of") + " the server's: set it right.";
}

[[noreturn]] void throw_refusal(const HttpResponse& answer, std::string_view asker, Timestamp now) {
  const auto body = json::parse(answer.body, nullptr, false);
  const std::string reason = text_at(body, "error");
  std::string message = std::string(asker) + ": the token server refused with status " + std::to_string(answer.status);
  if (!reason.empty()) message += " (" + shown_text(reason + ": " + text_at(body, "error_description")) + ")";
  message += ".";
  if (come_back_later(answer.status)) throw Error(ErrorCode::unavailable, message + " Try again later.");
  if (reason == "invalid_grant") message += clock_advice(answer, now);
  throw Error(ErrorCode::permission_denied, message + " Make a new key or log in again if that does not help.");
}

}  // namespace

GoogleTokenCache::GoogleTokenCache(Fetch fetch, std::shared_ptr<Clock> clock)
    : fetch_(std::move(fetch)), clock_(std::move(clock)) {}

bool GoogleTokenCache::usable() const { return !token_.empty() && clock_->now() < ends_at_; }

std::string GoogleTokenCache::get(Context& context) {
  context.check();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (usable() && (renewing_ || clock_->now() < renew_at_)) return token_;
    if (!renewing_) return renew(lock, context);
    // Unlocked: what a context calls may want to come in here.
    lock.unlock();
    context.wait_for(kNap);
    lock.lock();
  }
}

std::string GoogleTokenCache::renew(std::unique_lock<std::mutex>& lock, Context& context) {
  renewing_ = true;
  lock.unlock();
  try {
    GoogleToken fresh = fetch_(context);
    lock.lock();
    renewing_ = false;
    token_ = std::move(fresh.text);
    ends_at_ = clock_->now() + fresh.lifetime;
    renew_at_ = ends_at_ - std::min<std::chrono::seconds>(kRenewBefore, fresh.lifetime / 2);
    return token_;
  } catch (const Error& error) {
    if (!lock.owns_lock()) lock.lock();
    renewing_ = false;
    // Four minutes are left: the token server may have recovered by the next call.
    if (!usable() || !error.retryable()) throw;
    log(LogLevel::warning, "net", error.what());
    return token_;
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    renewing_ = false;
    throw;
  }
}

void GoogleTokenCache::reject(std::string_view token) {
  const std::lock_guard lock(mutex_);
  if (token_ == token) token_.clear();
}

HttpResponse ask_token_server(HttpTransport& transport, const HttpRequest& request, std::string_view asker,
                              Clock& clock, Context& context) {
  for (int attempt = 1;; ++attempt) {
    try {
      HttpResponse answer = transport.send(request, context);
      if (!come_back_later(answer.status) || attempt == kTries) return answer;
    } catch (const HttpError& error) {
      if (error.code() != ErrorCode::unavailable || attempt == kTries) throw about(asker, error);
    }
    clock.sleep_until(clock.now() + std::chrono::seconds(1 << (attempt - 1)), context);
  }
}

GoogleToken token_in(const HttpResponse& answer, std::string_view asker, Timestamp now) {
  if (!answer.ok()) throw_refusal(answer, asker, now);
  const auto body = json::parse(answer.body, nullptr, false);
  GoogleToken token{text_at(body, "access_token"), {}};
  if (!is_token(token.text))
    throw Error(ErrorCode::unavailable, std::string(asker) + ": the token server's answer holds no token. Try again.");
  token.lifetime = lifetime_in(body);
  return token;
}

std::vector<HttpHeader> bearer_headers(const std::string& token) {
  if (token.empty()) return {};
  return {{"Authorization", std::string(kBearer) + token}};
}

std::string bearer_in(const std::vector<HttpHeader>& headers) {
  for (const auto& header : headers)
    if (header.name == "Authorization" && header.value.starts_with(kBearer)) return header.value.substr(kBearer.size());
  return {};
}

}  // namespace vitrine
