#include "vitrine/net/http_transport.h"

#include <algorithm>

#include "net/ascii.h"

namespace vitrine {

std::string_view name_of(HttpMethod method) noexcept {
  switch (method) {
    case HttpMethod::get:
      return "GET";
    case HttpMethod::head:
      return "HEAD";
    case HttpMethod::post:
      return "POST";
    case HttpMethod::put:
      return "PUT";
    case HttpMethod::patch:
      return "PATCH";
    case HttpMethod::del:
      return "DELETE";
  }
  return "unknown";
}

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const HttpHeader& each) { return same_ignoring_case(each.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

}  // namespace vitrine
