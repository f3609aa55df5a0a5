#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// Gives numbers in [0, 1). Called from one thread at a time.
using RandomSource = std::function<double()>;

VITRINE_EXPORT RandomSource make_random_source();  ///< Nobody can predict it.

/// How often and how patiently something is tried again: exponential back-off with full jitter.
struct RetryPolicy {
  int max_attempts = 5;                         ///< The first one included; 1 repeats nothing.
  std::chrono::milliseconds first_delay{250};   ///< The first wait is a random part of it; it doubles each time,
  std::chrono::milliseconds max_delay{20'000};  ///< up to this.
  std::chrono::milliseconds max_wait{120'000};  ///< All waits of one call together. A server that asks for more than
                                                ///< is left of it ends the attempts.

  /// Answers that are tried again if the method is idempotent.
  std::vector<int> statuses{408, 425, 429, 500, 502, 503, 504};

  /// Answers that say that the request was not taken: tried again whatever the method. Add 503 for a service that
  /// promises it.
  std::vector<int> refusals{429};

  /// All calls together may repeat so many times at once, and then a tenth of the calls that go well: when a service
  /// is down, repeats must not multiply its load.
  double budget = 20;
};

/// The waits between the attempts of one call. Not thread-safe.
class VITRINE_EXPORT RetrySchedule {
 public:
  /// Keeps a copy of the policy; borrows `random`, which must outlive it. Throws std::invalid_argument for numbers
  /// below their range.
  RetrySchedule(RetryPolicy policy, RandomSource& random);
  RetrySchedule(RetryPolicy policy, RandomSource&& random) = delete;

  /// After a failure: how long to wait before the next attempt, never less than the server asks for; empty when it is
  /// time to give up.
  std::optional<std::chrono::milliseconds> next(std::optional<std::chrono::milliseconds> retry_after = std::nullopt);

 private:
  RetryPolicy policy_;
  RandomSource& random_;
  int failures_ = 0;
  std::chrono::milliseconds waited_{0};
};

/// Calls `call` again while it throws an Error that is retryable(), then lets the last one through. Only for what may
/// be done twice. Gives up at once where the wait would pass the context's deadline. Throws what `call` throws; Error:
/// cancelled, deadline_exceeded.
VITRINE_EXPORT void call_with_retries(const RetryPolicy& policy, Clock& clock, RandomSource& random, Context& context,
                                      const std::function<void()>& call);

/// A transport that repeats what is safe to repeat over `inner`: idempotent methods after no answer or one of
/// policy.statuses; any method if no byte left, or after one of policy.refusals. Never a request with a source, nor
/// one whose sink has got bytes. Gives the last answer, or the last error, when it gives up. An idempotent PUT that is
/// create-only (If-None-Match) can be answered 412 by its own first attempt: the caller has to look.
VITRINE_EXPORT std::unique_ptr<HttpTransport> make_retrying_transport(
    std::shared_ptr<HttpTransport> inner, RetryPolicy policy = {}, std::shared_ptr<Clock> clock = make_system_clock(),
    RandomSource random = make_random_source());

}  // namespace vitrine
