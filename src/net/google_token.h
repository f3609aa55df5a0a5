#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

struct GoogleToken {
  std::string text;
  std::chrono::seconds lifetime{0};
};

/// Keeps one token and fetches the next before it ends. Safe to use from many threads at once.
class GoogleTokenCache {
 public:
  using Fetch = std::function<GoogleToken(Context&)>;
  GoogleTokenCache(Fetch fetch, std::shared_ptr<Clock> clock);

  std::string get(Context& context);
  void reject(std::string_view token);  ///< Drops it, if it is still the one we keep.

 private:
  std::string renew(std::unique_lock<std::mutex>& lock, Context& context);
  bool usable() const;

  const Fetch fetch_;
  const std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  std::string token_;
  Timestamp renew_at_;
  Timestamp ends_at_;
  bool renewing_ = false;
};

/// Asks `request` of a token server, three times at most if it does not answer or says to come back. Throws Error,
/// whose message begins with `asker`.
HttpResponse ask_token_server(HttpTransport& transport, const HttpRequest& request, std::string_view asker,
                              Clock& clock, Context& context);

/// The token in the answer of a token server. `now` tells a wrong clock from a wrong key. Throws Error.
GoogleToken token_in(const HttpResponse& answer, std::string_view asker, Timestamp now);

/// "Authorization: Bearer …"; nothing without a token.
std::vector<HttpHeader> bearer_headers(const std::string& token);

/// The token in what bearer_headers() gave.
std::string bearer_in(const std::vector<HttpHeader>& headers);

}  // namespace vitrine
