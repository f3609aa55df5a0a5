#pragma once

#include <memory>
#include <utility>

#include "vitrine/net/curl_transport.h"
#include "vitrine/net/http_transport.h"

namespace vitrine::python {

using TransportArgument = std::shared_ptr<HttpTransport>;  ///< None: libcurl.

inline TransportArgument transport_or_curl(TransportArgument transport) {
  return transport ? std::move(transport) : TransportArgument(make_curl_transport());
}

}  // namespace vitrine::python
