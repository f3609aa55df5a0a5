#include "storage/repeated_send.h"

#include <optional>

#include "net/come_back_later.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_status.h"

namespace vitrine {
using std::chrono::milliseconds;

RetrySchedule repeat_schedule(const RepeatRules& rules, RandomSource& random) {
  RetryPolicy policy;
  policy.max_attempts = rules.tries;
  policy.first_delay = milliseconds(500);
  policy.max_delay = milliseconds(32'000);
  return RetrySchedule(policy, random);
}

milliseconds transfer_timeout(std::uint64_t bytes) {
  constexpr std::uint64_t kSlowLine = 256;  // bytes in a millisecond
  return milliseconds(60'000 + bytes / kSlowLine);
}

Error error_to_retry(ErrorCode code, const std::string& message, const HttpResponse& answer, Timestamp now) {
  const auto wait = retry_after_of(answer, now);
  return wait ? Error(code, message, *wait) : Error(code, message);
}

ServiceAnswer send_repeatedly(HttpTransport& transport, const std::function<HttpRequest()>& make,
                              const RepeatRules& rules, Clock& clock, Context& context) {
  ServiceAnswer answer;
  RandomSource random = make_random_source();
  RetrySchedule schedule = repeat_schedule(rules, random);
  for (;;) {
    std::optional<milliseconds> wait;
    try {
      answer.response = transport.send(make(), context);
      const int status = answer.response.status;
      if (!come_back_later(status) && !(rules.also && rules.also(answer.response))) return answer;
      wait = schedule.next(retry_after_of(answer.response, clock.now()));
      if (!wait || *wait >= context.time_left()) return answer;
      // 429 is a refusal; of the others nobody knows how far they got.
      if (status != 429) answer.doubtful = true;
    } catch (const HttpError& error) {
      if (error.code() != ErrorCode::unavailable || !error.retryable()) throw;
      wait = schedule.next();
      if (!wait || *wait >= context.time_left()) throw;
      if (error.fate() == SendFate::unknown) answer.doubtful = true;
    }
    clock.sleep_until(clock.now() + *wait, context);
  }
}

}  // namespace vitrine
