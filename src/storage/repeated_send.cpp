#include "storage/repeated_send.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include "vitrine/base/error.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestRetryAfter{60'000};  // beyond that the caller does better to come back itself

// Full jitter: workers that failed together must not come back together.
milliseconds random_below(milliseconds most) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, most.count())(random));
}

milliseconds wait_before(int next_try, const RepeatRules& rules) {
  milliseconds most = rules.first_wait;
  for (int i = 2; i < next_try && most < rules.longest_wait; ++i) most *= 2;
  return random_below(std::min(most, rules.longest_wait));
}

}  // namespace

bool come_back_later(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

milliseconds retry_after(const HttpResponse& response) {
  const auto value = response.header("Retry-After");
  if (!value || value->empty() || value->find_first_not_of("0123456789") != std::string::npos || value->size() > 6)
    return milliseconds(0);
  return std::chrono::seconds(std::atoi(value->c_str()));
}

milliseconds transfer_timeout(std::uint64_t bytes) {
  constexpr std::uint64_t kSlowLine = 256;  // bytes in a millisecond
  return milliseconds(60'000 + bytes / kSlowLine);
}

Error error_to_retry(ErrorCode code, const std::string& message, const HttpResponse& answer) {
  const auto wait = retry_after(answer);
  return wait.count() > 0 ? Error(code, message, wait) : Error(code, message);
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 240;
  std::string line(text.substr(0, kMost));
  for (char& c : line)
    if (c < ' ' || c > '~') c = ' ';
  return text.size() > kMost ? line + "…" : line;
}

ServiceAnswer send_repeatedly(HttpTransport& transport, const std::function<HttpRequest()>& make,
                              const RepeatRules& rules, Clock& clock, Context& context) {
  ServiceAnswer answer;
  for (int next_try = 2;; ++next_try) {
    const bool last = next_try > rules.tries;
    milliseconds wait = wait_before(next_try, rules);
    try {
      answer.response = transport.send(make(), context);
      const int status = answer.response.status;
      const bool again = come_back_later(status) || (rules.also && rules.also(answer.response));
      if (!again || last || retry_after(answer.response) > kLongestRetryAfter) return answer;
      // 429 is a refusal; of the others nobody knows how far they got.
      if (status != 429) answer.doubtful = true;
      wait = std::max(wait, retry_after(answer.response));
    } catch (const HttpError& error) {
      if (error.code() != ErrorCode::unavailable || !error.retryable() || last) throw;
      if (error.fate() == SendFate::unknown) answer.doubtful = true;
    }
    clock.sleep_until(clock.now() + wait, context);
  }
}

}  // namespace vitrine
