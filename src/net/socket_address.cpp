#include "net/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace vitrine {

std::optional<SocketAddress> read_socket_address(const ::sockaddr* from) {
  SocketAddress value;
  if (from->sa_family == AF_INET) {
    ::sockaddr_in v4{};
    std::memcpy(&v4, static_cast<const void*>(from), sizeof v4);
    std::memcpy(value.address.bytes.data(), &v4.sin_addr, 4);
    value.port = ntohs(v4.sin_port);
    return value;
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  ::sockaddr_in6 v6{};
  std::memcpy(&v6, static_cast<const void*>(from), sizeof v6);
  value.address.version = 6;
  std::memcpy(value.address.bytes.data(), &v6.sin6_addr, 16);
  value.port = ntohs(v6.sin6_port);
  return value;
}

bool write_socket_address(const SocketAddress& value, ::sockaddr* to) {
  if (value.address.version == 4 && to->sa_family == AF_INET) {
    ::sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(value.port);
    std::memcpy(&v4.sin_addr, value.address.bytes.data(), 4);
    std::memcpy(static_cast<void*>(to), &v4, sizeof v4);
    return true;
  }
  if (value.address.version != 6 || to->sa_family != AF_INET6) return false;
  ::sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(value.port);
  std::memcpy(&v6.sin6_addr, value.address.bytes.data(), 16);
  std::memcpy(static_cast<void*>(to), &v6, sizeof v6);
  return true;
}

}  // namespace vitrine
