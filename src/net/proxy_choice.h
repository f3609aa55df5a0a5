#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vitrine/net/url.h"

namespace vitrine {

/// Which proxy serves which address. Read once: the environment may change under other threads.
struct ProxyChoice {
  std::string for_http;
  std::string for_https;
  std::string no_proxy;  ///< Split by commas: names, ".suffixes", addresses, networks, "*".

  /// Empty: go there directly.
  std::string proxy_for(const Url& url) const;
};

/// What the environment asks for. `variable` gives a variable's value, if it is set.
ProxyChoice proxies_of_environment(const std::function<std::optional<std::string>(const char*)>& variable);

}  // namespace vitrine
