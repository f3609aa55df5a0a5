#include "vitrine/net/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <span>

namespace vitrine {
namespace {

struct Network {
  std::array<std::uint8_t, 16> prefix;
  int bits;
  std::string_view use;
};

// IANA's registry of special-purpose IPv4 addresses, multicast and the reserved top. The last lines are services of
// clouds that answer on ordinary addresses.
constexpr Network kSpecialV4[] = {
    {{0}, 8, "an address of this host"},
    {{10}, 8, "a private address"},
    {{100, 64}, 10, "a carrier's private address"},
    {{127}, 8, "a loopback address"},
    {{169, 254}, 16, "a link-local address, where clouds keep their metadata"},
    {{172, 16}, 12, "a private address"},
    {{192, 0, 0}, 24, "an address for protocols"},
    {{192, 0, 2}, 24, "an address for documentation"},
    {{192, 88, 99}, 24, "a 6to4 relay"},
    {{192, 168}, 16, "a private address"},
    {{198, 18}, 15, "an address for benchmarks"},
    {{198, 51, 100}, 24, "an address for documentation"},
    {{203, 0, 113}, 24, "an address for documentation"},
    {{224}, 4, "a multicast address"},
    {{240}, 4, "a reserved address"},
    {{168, 63, 129, 16}, 32, "a cloud's metadata address"},
};

// Of IPv6 only 2000::/3 is public; these parts of it are not.
constexpr Network kSpecialV6[] = {
    {{0x20, 0x01}, 23, "an address for protocols or a Teredo tunnel"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "an address for documentation"},
    {{0x20, 0x02}, 16, "a 6to4 tunnel"},
    {{0x3f, 0xff}, 20, "an address for documentation"},
};
constexpr Network kGlobalV6{{0x20}, 3, ""};
constexpr Network kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, ""};
constexpr Network kNat64{{0x00, 0x64, 0xff, 0x9b}, 96, ""};

constexpr Network kNamedV6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "a loopback address"},
    {{0xfe, 0x80}, 10, "a link-local address"},
    {{0xfc}, 7, "a private address"},
    {{0xff}, 8, "a multicast address"},
};

bool is_in(const IpAddress& address, const Network& network) {
  for (int bit = 0; bit < network.bits; bit += 8) {
    const auto i = static_cast<std::size_t>(bit / 8);
    const int used = std::min(8, network.bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - used));
    if ((address.bytes[i] & mask) != (network.prefix[i] & mask)) return false;
  }
  return true;
}

std::optional<std::string_view> use_in(const IpAddress& address, std::span<const Network> networks) {
  const auto found =
      std::find_if(networks.begin(), networks.end(), [&](const auto& each) { return is_in(address, each); });
  return found == networks.end() ? std::nullopt : std::optional(found->use);
}

IpAddress v4_at_the_end(const IpAddress& address) {
  IpAddress inner;
  std::copy_n(address.bytes.begin() + 12, 4, inner.bytes.begin());
  return inner;
}

// RFC 5214: an interface identifier that tunnels to the IPv4 address behind it.
bool is_isatap(const IpAddress& address) {
  return (address.bytes[8] & 0xfd) == 0 && address.bytes[9] == 0 && address.bytes[10] == 0x5e &&
         address.bytes[11] == 0xfe;
}

std::optional<std::string_view> special_use_v6(const IpAddress& address) {
  if (is_in(address, kMapped) || is_in(address, kNat64)) return special_use(v4_at_the_end(address));
  if (const auto use = use_in(address, kNamedV6)) return use;
  if (!is_in(address, kGlobalV6)) return "no public address";
  if (is_isatap(address)) return "an ISATAP tunnel";
  return use_in(address, kSpecialV6);
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::string_view(terminated.c_str()).size()) return std::nullopt;
  IpAddress address;
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.version = 6;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string text_of(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.version == 4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
  return text.data();
}

std::optional<std::string_view> special_use(const IpAddress& address) {
  return address.version == 4 ? use_in(address, kSpecialV4) : special_use_v6(address);
}

}  // namespace vitrine
