#pragma once

#include <functional>

#include "net/socket_address.h"
#include "vitrine/net/curl_transport.h"

namespace vitrine {

/// Sends connections elsewhere after the policy has agreed to where they were going: so that a test can play a public
/// address without an internet.
using Route = std::function<SocketAddress(const SocketAddress&)>;

std::unique_ptr<HttpTransport> make_routed_curl_transport(CurlOptions options, Route route);

}  // namespace vitrine
