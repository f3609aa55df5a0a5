#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/ip_address.h"

namespace vitrine {

/// Looks a host name up. Called from threads of ours, several at once. Throws Error, or returns nothing if the name
/// is unknown.
using Resolver = std::function<std::vector<IpAddress>(const std::string& host)>;

struct CurlOptions {
  /// Unset: what https_proxy, http_proxy, all_proxy and no_proxy say when the transport is made (the first and the
  /// last two in capitals too). Empty: none. Else the proxy for every host, as "http://proxy:3128".
  std::optional<std::string> proxy;

  /// Hosts reached without the proxy, split by commas: "localhost,.internal.example,10.0.0.0/8". Only with `proxy`.
  std::string no_proxy;

  /// Certificates to trust: a PEM file or a folder that c_rehash has seen. Empty: CURL_CA_BUNDLE, REQUESTS_CA_BUNDLE,
  /// SSL_CERT_FILE or SSL_CERT_DIR, the first that is set, else the system's. Certificates are always checked.
  std::filesystem::path certificates;

  std::chrono::milliseconds connect_timeout{10'000};  ///< For the name, the connection and the TLS handshake.
  std::size_t max_idle = 16;  ///< Sessions kept open for reuse. Raise it to the threads you use.
  Resolver resolver;          ///< Empty: the system's.
};

/// HTTP/1.1 and HTTP/2 by libcurl, with pooled connections. Takes http and https; cancel is noticed within 100 ms.
/// A request whose policy is set and that goes through a proxy is resolved and checked here, and the proxy is told
/// the address, not the name. A POST or PATCH goes out once: curl's own silent repeats are stopped.
///
/// Does not survive fork(): make it in the child. Throws Error `not_found` if there are no such certificates.
VITRINE_EXPORT std::unique_ptr<HttpTransport> make_curl_transport(CurlOptions options = {});

}  // namespace vitrine
