#include "net/proxy_choice.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>

#include "net/ascii.h"
#include "vitrine/net/ip_address.h"

namespace vitrine {
namespace {

using Variable = std::function<std::optional<std::string>(const char*)>;

std::string first_of(const Variable& variable, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto value = variable(name); value && !value->empty()) return *value;
  return {};
}

bool same_first_bits(const IpAddress& a, const IpAddress& b, int bits) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto i = static_cast<std::size_t>(bit / 8);
    if (((a.bytes[i] ^ b.bytes[i]) & (0x80 >> (bit % 8))) != 0) return false;
  }
  return true;
}

bool is_in_network(const IpAddress& address, std::string_view network) {
  const auto slash = network.find('/');
  const auto prefix = parse_ip_address(network.substr(0, slash));
  if (!prefix || prefix->version != address.version) return false;
  int bits = address.version == 4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = network.substr(slash + 1);
    int given = -1;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), given);
    if (problem != std::errc() || end != digits.data() + digits.size() || given < 0 || given > bits) return false;
    bits = given;
  }
  return same_first_bits(address, *prefix, bits);
}

bool matches(const Url& url, std::string_view entry) {
  if (entry == "*") return true;
  if (url.address) return is_in_network(*url.address, entry);
  if (entry.starts_with("*.")) entry.remove_prefix(2);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || url.host.size() < entry.size()) return false;
  const std::string_view tail = std::string_view(url.host).substr(url.host.size() - entry.size());
  return same_ignoring_case(tail, entry) &&
         (tail.size() == url.host.size() || url.host[url.host.size() - tail.size() - 1] == '.');
}

bool goes_directly(const Url& url, std::string_view list) {
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    if (matches(url, trimmed(list.substr(begin, end - begin)))) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::string ProxyChoice::proxy_for(const Url& url) const {
  const std::string& proxy = url.scheme == "https" ? for_https : for_http;
  return proxy.empty() || goes_directly(url, no_proxy) ? std::string() : proxy;
}

ProxyChoice proxies_of_environment(const Variable& variable) {
  ProxyChoice choice;
  // HTTP_PROXY in capitals can be a request's "Proxy" header where a web server runs us as CGI.
  choice.for_http = first_of(variable, {"http_proxy", "all_proxy", "ALL_PROXY"});
  choice.for_https = first_of(variable, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  choice.no_proxy = first_of(variable, {"no_proxy", "NO_PROXY"});
  return choice;
}

}  // namespace vitrine
