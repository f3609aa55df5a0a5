#include "net/request_rules.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "net/ascii.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/url.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {
namespace {

bool is_token(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
  });
}

bool breaks_the_line(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// Values can be keys: no message shows one.
void check_header(const HttpHeader& header) {
  if (!is_token(header.name))
    throw std::invalid_argument(
        "HttpRequest::headers has a name that is empty or holds blanks, colons or other signs. "
        "Use letters, digits and hyphens.");
  if (breaks_the_line(header.value))
    throw std::invalid_argument("The value of HttpRequest header '" + header.name +
                                "' holds a line break or a zero byte. Remove it.");
  if (same_ignoring_case(header.name, "content-length") || same_ignoring_case(header.name, "transfer-encoding"))
    throw std::invalid_argument("HttpRequest header '" + header.name +
                                "' is set by the transport, from body or source_size. Leave it out.");
}

}  // namespace

void check_request(const HttpRequest& request) {
  for (const HttpHeader& header : request.headers) check_header(header);
  if (request.timeout <= std::chrono::milliseconds(0))
    throw std::invalid_argument("HttpRequest::timeout is " + std::to_string(request.timeout.count()) +
                                " ms; it must be above zero.");
  if (request.policy) check_url(*request.policy, request.url);
}

void check_before_sending(const HttpRequest& request, Context& context) {
  try {
    context.check();
  } catch (const Error& error) {
    throw HttpError(error.code(), about("The request to " + host_of(request.url) + " was not sent", error).what(),
                    SendFate::not_sent);
  }
}

bool is_idempotent(HttpMethod method) { return method != HttpMethod::post && method != HttpMethod::patch; }

}  // namespace vitrine
