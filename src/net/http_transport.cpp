#include "vitrine/net/http_transport.h"

#include <algorithm>

namespace vitrine {
namespace {

// Header names are ASCII; the C library's tolower() would ask the host's locale.
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

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
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const HttpHeader& each) { return same_name(each.name, name); });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

}  // namespace vitrine
