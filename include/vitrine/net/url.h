#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"
#include "vitrine/net/ip_address.h"

namespace vitrine {

/// The parts of an http or https address. What is checked and what is connected to are both made from these parts, so
/// no second reading of the text can come to another host.
struct Url {
  std::string scheme;                ///< "http" or "https".
  std::string host;                  ///< Lower case; an IPv6 address without its brackets.
  std::uint16_t port = 0;            ///< The one given, or the scheme's.
  std::string target;                ///< Path and query; begins with '/'. The fragment is left out.
  std::optional<IpAddress> address;  ///< Set if the host is an address.

  VITRINE_EXPORT std::string origin() const;  ///< "https://host", with the port unless it is the scheme's.
  std::string text() const { return origin() + target; }
};

/// Reads an address strictly. Throws Error `unsafe_url` for what browsers and libraries read differently: user info,
/// characters outside of ASCII (write such a name as xn--…), backslashes, spaces, numbers that are no canonical IPv4
/// address, a zone, an empty port, a dot at the end of the host; and for anything beyond 8192 characters.
VITRINE_EXPORT Url parse_url(std::string_view text);

/// Where a Location header leads, seen from `base` (RFC 3986, section 5.2). Throws as parse_url().
VITRINE_EXPORT Url resolve_reference(const Url& base, std::string_view reference);

/// What a log may show of an address: scheme, host and the first part of the path if it is a plain word. Never the
/// query, user info or the rest of the path, which can be signed or secret. Takes any text and never throws but
/// std::bad_alloc.
VITRINE_EXPORT std::string redacted(std::string_view url);

/// The host alone, as error messages show it; "an unreadable address" if there is none.
VITRINE_EXPORT std::string host_of(std::string_view url);

}  // namespace vitrine
