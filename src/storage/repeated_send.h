#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/retry.h"

namespace vitrine {

struct ServiceAnswer {
  HttpResponse response;

  /// True if an earlier try may have been carried out: then "it is there already" can mean that we put it there.
  bool doubtful = false;
};

struct RepeatRules {
  int tries = 6;                                  ///< At least 1.
  std::function<bool(const HttpResponse&)> also;  ///< Answers to repeat beyond 408, 429 and 5xx.
};

/// Sends what `make` makes, afresh for each try, until an answer comes that will not get better by asking again. Other
/// than a retrying transport it repeats requests with a source or a sink too, for `make` takes care of what has gone up
/// or come down, and it tells whether a try may have been carried out. Only for what may be done twice. Returns the
/// last answer; throws HttpError `unavailable` if the last try got none, Error: cancelled, deadline_exceeded.
ServiceAnswer send_repeatedly(HttpTransport& transport, const std::function<HttpRequest()>& make,
                              const RepeatRules& rules, Clock& clock, Context& context);

/// The waits between tries, as Google and Amazon advise: from half a second, doubled up to half a minute, full jitter.
/// `random` must outlive it.
RetrySchedule repeat_schedule(const RepeatRules& rules, RandomSource& random);

/// How long one exchange of so many bytes may take: a minute, and more for what a slow line needs.
std::chrono::milliseconds transfer_timeout(std::uint64_t bytes);

/// An error after `answer`, with its Retry-After if it has one.
Error error_to_retry(ErrorCode code, const std::string& message, const HttpResponse& answer, Timestamp now);

}  // namespace vitrine
