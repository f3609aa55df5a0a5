#include "vitrine/net/http_status.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "net/ascii.h"
#include "net/http_date.h"
#include "vitrine/net/url.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr long long kMostSeconds = 366LL * 24 * 60 * 60;  // a longer wait is a mistake, and would overflow somewhere

std::optional<milliseconds> read_seconds(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  long long value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  (void)end;
  return seconds(problem == std::errc::result_out_of_range ? kMostSeconds : std::min(value, kMostSeconds));
}

std::optional<milliseconds> read_date(std::string_view text, Timestamp now) {
  const auto at = parse_http_date(std::string(text));
  if (!at) return std::nullopt;
  const auto wait = std::chrono::ceil<milliseconds>(*at - now);
  return std::clamp(wait, milliseconds(0), milliseconds(seconds(kMostSeconds)));
}

struct Meaning {
  ErrorCode code;
  const char* advice;
};

Meaning meaning_of(int status) {
  switch (status) {
    case 401:
      return {ErrorCode::permission_denied, "It does not accept our key. Check the key or token."};
    case 402:
      return {ErrorCode::quota_exhausted, "The account has no credit left. Add some."};
    case 403:
      return {ErrorCode::permission_denied, "It does not allow this. Check what the key or account may do."};
    case 404:
    case 410:
      return {ErrorCode::not_found, "There is nothing at this address, or no longer. Check the address."};
    case 409:
    case 412:
      return {ErrorCode::conflict, "It is there already or was changed by somebody else. Read it again first."};
    case 413:
      return {ErrorCode::image_too_large, "What was sent is too large for it. Send less."};
    case 429:
      return {ErrorCode::rate_limited, "There were too many requests. Come back later."};
    default:
      break;
  }
  if (status >= 500 || status == 408 || status == 425) return {ErrorCode::unavailable, "Try again later."};
  return {ErrorCode::unavailable, "It does not accept the request as it is; sending it again will not help."};
}

bool may_pass(int status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view value, Timestamp now) {
  const std::string_view text = trimmed(value);
  if (const auto wait = read_seconds(text)) return wait;
  return read_date(text, now);
}

std::optional<milliseconds> retry_after_of(const HttpResponse& response, Timestamp now) {
  const auto value = response.header("retry-after");
  return value ? parse_retry_after(*value, now) : std::nullopt;
}

Error status_error(const HttpResponse& response, std::string_view url, Timestamp now) {
  const Meaning meaning = meaning_of(response.status);
  const std::string message =
      host_of(url) + " answered with status " + std::to_string(response.status) + ". " + meaning.advice;
  if (!may_pass(response.status)) return Error(meaning.code, message, Retry::never);
  const auto wait = retry_after_of(response, now);
  return wait ? Error(meaning.code, message, *wait) : Error(meaning.code, message);
}

}  // namespace vitrine
