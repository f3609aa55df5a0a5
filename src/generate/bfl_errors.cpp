#include "generate/bfl_errors.h"

#include "generate/bfl_answer.h"
#include "vitrine/net/http_status.h"

namespace vitrine {
namespace {

struct Meaning {
  ErrorCode code;
  std::string_view advice;
};

Meaning meaning_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return {ErrorCode::permission_denied,
              "Check BFL_API_KEY: that it is whole, is not revoked, and may use this model. The balance shows whether "
              "a key works."};
    case 402:
      return {ErrorCode::quota_exhausted,
              "The account has too few credits. Add some at Black Forest Labs, then try "
              "again. Nothing was charged."};
    case 404:
      return {ErrorCode::not_found,
              "The service has no such model or order at this address. Check the model's name "
              "and the region."};
    case 413:
      return {ErrorCode::image_too_large, "Scale the pictures in the request down."};
    case 429:
      return {ErrorCode::rate_limited,
              "The account has as many orders running as it may. Wait for one to end, lower "
              "BflOptions::max_active, or ask Black Forest Labs for more."};
    case 400:
    case 422:
      return {ErrorCode::permission_denied,
              "The request itself is refused, so that a repeat is no use: change the "
              "field that is named. Nothing was charged."};
    default:
      if (status >= 500 || status == 408)
        return {ErrorCode::unavailable, "The service has trouble. Try again in a while."};
      if (status >= 300 && status < 400)
        return {ErrorCode::unsafe_url,
                "A redirect is not followed, since the key would travel with it. Check "
                "BflOptions::base_url."};
      return {ErrorCode::permission_denied, "The service does not say why. Check the request and the account."};
  }
}

}  // namespace

Error bfl_refusal(const HttpResponse& response, const std::string& what, std::string_view secret, Timestamp now) {
  const auto [code, advice] = meaning_of(response.status);
  const std::string reason = bfl_reason(response, secret);
  const std::string message = what + " was answered with status " + std::to_string(response.status) +
                              (reason.empty() ? ". " : " (" + reason + "). ") + std::string(advice);
  if (const auto wait = retry_after_of(response, now)) return {code, message, *wait};
  return {code, message};
}

bool is_passing(int status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace vitrine
