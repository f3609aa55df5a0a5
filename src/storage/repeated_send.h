#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

struct ServiceAnswer {
  HttpResponse response;

  /// True if an earlier try may have been carried out: then "it is there already" can mean that we put it there.
  bool doubtful = false;
};

struct RepeatRules {
  int tries = 6;  ///< At least 1.
  std::chrono::milliseconds first_wait{500};
  std::chrono::milliseconds longest_wait{32'000};
  std::function<bool(const HttpResponse&)> also;  ///< Answers to repeat beyond 408, 429 and 5xx.
};

/// Sends what `make` makes, afresh for each try, until an answer comes that will not get better by asking again; waits
/// longer from try to try, or as long as Retry-After says. Only for what may be done twice. Returns the last answer;
/// throws HttpError `unavailable` if the last try got none, Error: cancelled, deadline_exceeded.
ServiceAnswer send_repeatedly(HttpTransport& transport, const std::function<HttpRequest()>& make,
                              const RepeatRules& rules, Clock& clock, Context& context);

bool come_back_later(int status);  ///< 408, 429, 500, 502, 503, 504.

/// How long Retry-After asks to wait; zero if it does not.
std::chrono::milliseconds retry_after(const HttpResponse& response);

/// How long one exchange of so many bytes may take: a minute, and more for what a slow line needs.
std::chrono::milliseconds transfer_timeout(std::uint64_t bytes);

/// An error after `answer`, with its Retry-After if it has one.
Error error_to_retry(ErrorCode code, const std::string& message, const HttpResponse& answer);

/// What a service wrote, fit for a message: one line, printable, not long.
std::string shown(std::string_view text);

}  // namespace vitrine
