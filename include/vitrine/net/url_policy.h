#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/net/ip_address.h"
#include "vitrine/net/url.h"

namespace vitrine {

/// Which addresses that somebody else wrote we may connect to. The default: https, port 443, any host that resolves
/// to public addresses only. Put it into HttpRequest::policy: the transport then checks the address that it is in
/// fact connected to, before a byte of the request leaves, so a name that changes its mind in between gains nothing.
struct UrlPolicy {
  /// Hosts allowed, as "api.example.com", or "*.example.com" for every name below it. Empty: every public host.
  std::vector<std::string> allowed_hosts;

  /// Hosts of our own, as "localhost:9199" or "minio" for any port: plain http and private addresses are fine there.
  /// For tests, emulators and services inside our network; never put anything here that a stranger can choose.
  std::vector<std::string> trusted_hosts;

  std::vector<std::uint16_t> ports{443};  ///< Empty: every port.
};

/// True if the address is on one of policy.trusted_hosts.
VITRINE_EXPORT bool is_trusted(const UrlPolicy& policy, const Url& url);

/// Reads and checks an address without resolving it. Throws Error `unsafe_url`.
VITRINE_EXPORT Url check_url(const UrlPolicy& policy, std::string_view url);
VITRINE_EXPORT void check_url(const UrlPolicy& policy, const Url& url);

/// Checks where `url` leads in fact. Throws Error `unsafe_url`. Transports call it for every connection they use.
VITRINE_EXPORT void check_address(const UrlPolicy& policy, const Url& url, const IpAddress& address);

}  // namespace vitrine
