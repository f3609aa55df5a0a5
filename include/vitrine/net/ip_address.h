#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// An IPv4 or IPv6 address in network order.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  ///< IPv4 uses the first four; the others are zero.
  int version = 4;                       ///< 4 or 6.

  bool operator==(const IpAddress&) const = default;
};

/// Reads the one canonical way to write IPv4 (four decimal numbers without leading zeros) and any way of RFC 4291 to
/// write IPv6, without zone. Empty for everything else: decimal, octal and hexadecimal forms are no addresses here.
VITRINE_EXPORT std::optional<IpAddress> parse_ip_address(std::string_view text);

VITRINE_EXPORT std::string text_of(const IpAddress& address);  ///< "192.0.2.1", "2001:db8::1".

/// What keeps the address out of the public internet, as "a loopback address"; empty for a public one. Knows the
/// registries of special-purpose addresses (RFC 6890 and its updates), cloud metadata services outside of them, and
/// looks into addresses that carry an IPv4 address: IPv4-mapped and NAT64.
VITRINE_EXPORT std::optional<std::string_view> special_use(const IpAddress& address);

}  // namespace vitrine
