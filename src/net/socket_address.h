#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>

#include "vitrine/net/ip_address.h"

namespace vitrine {

struct SocketAddress {
  IpAddress address;
  std::uint16_t port = 0;
};

/// Reads what the system's calls take. `from` begins a storage as long as its family says; empty for other families.
std::optional<SocketAddress> read_socket_address(const ::sockaddr* from);

/// Writes over a storage that already holds an address of the same IP version. False if the version differs.
bool write_socket_address(const SocketAddress& value, ::sockaddr* to);

}  // namespace vitrine
