#pragma once

#include <string>
#include <string_view>

namespace vitrine {

/// `endpoint` without slashes at its end. Throws std::invalid_argument, naming `option`, unless it is
/// http(s)://host[:port].
std::string service_endpoint(std::string endpoint, std::string_view option);

/// The part of an endpoint behind "://".
std::string host_in(std::string_view endpoint);

}  // namespace vitrine
