#include "storage/service_endpoint.h"

#include <stdexcept>

namespace vitrine {

std::string service_endpoint(std::string endpoint, std::string_view option) {
  while (endpoint.ends_with('/')) endpoint.pop_back();
  const bool scheme = endpoint.starts_with("https://") || endpoint.starts_with("http://");
  const std::string host = host_in(endpoint);
  static constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]";
  if (!scheme || host.empty() || host.find_first_not_of(kPlain) != std::string::npos)
    throw std::invalid_argument(std::string(option) +
                                " must be of the form https://host or http://host:port, without path or user.");
  return endpoint;
}

std::string host_in(std::string_view endpoint) {
  const auto scheme = endpoint.find("://");
  return std::string(scheme == std::string_view::npos ? endpoint : endpoint.substr(scheme + 3));
}

}  // namespace vitrine
