#include "vitrine/net/url_policy.h"

#include <algorithm>

#include "net/ascii.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

// Names that mean something inside a network only (RFC 6761, RFC 6762, RFC 8375, clouds' own).
constexpr std::string_view kInsideNames[] = {"localhost", "local",     "internal",    "intranet", "lan",   "home",
                                             "corp",      "home.arpa", "localdomain", "test",     "onion", "invalid"};

bool is_below(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() + 1 && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

bool matches(std::string_view pattern, std::string_view host) {
  if (pattern.starts_with("*.")) return is_below(host, lower(pattern.substr(2)));
  return host == lower(pattern);
}

bool is_inside_name(std::string_view host) {
  return host.find('.') == std::string_view::npos ||
         std::any_of(std::begin(kInsideNames), std::end(kInsideNames),
                     [&](std::string_view each) { return host == each || is_below(host, each); });
}

[[noreturn]] void refuse(const Url& url, const std::string& reason) {
  throw Error(ErrorCode::unsafe_url, "The address on " + url.host + " is refused: " + reason);
}

void check_port(const UrlPolicy& policy, const Url& url) {
  if (policy.ports.empty() || std::find(policy.ports.begin(), policy.ports.end(), url.port) != policy.ports.end())
    return;
  refuse(url,
         "port " + std::to_string(url.port) + " is not among UrlPolicy::ports. Use the usual port or add this one.");
}

void check_host(const UrlPolicy& policy, const Url& url) {
  if (!policy.allowed_hosts.empty()) {
    const bool allowed = std::any_of(policy.allowed_hosts.begin(), policy.allowed_hosts.end(),
                                     [&](const std::string& each) { return matches(each, url.host); });
    if (!allowed) refuse(url, "this host is not among UrlPolicy::allowed_hosts. Add it if you trust it.");
  }
  if (!url.address && is_inside_name(url.host))
    refuse(url, "the name means something inside a network only. Add it to UrlPolicy::trusted_hosts if it is yours.");
}

}  // namespace

bool is_trusted(const UrlPolicy& policy, const Url& url) {
  const std::string with_port = url.host + ":" + std::to_string(url.port);
  return std::any_of(policy.trusted_hosts.begin(), policy.trusted_hosts.end(),
                     [&](const std::string& each) { return lower(each) == url.host || lower(each) == with_port; });
}

Url check_url(const UrlPolicy& policy, std::string_view text) {
  Url url = parse_url(text);
  check_url(policy, url);
  return url;
}

void check_url(const UrlPolicy& policy, const Url& url) {
  if (is_trusted(policy, url)) return;
  if (url.scheme != "https") refuse(url, "it is not https. Use https, or add the host to UrlPolicy::trusted_hosts.");
  check_port(policy, url);
  check_host(policy, url);
  if (url.address) check_address(policy, url, *url.address);
}

void check_address(const UrlPolicy& policy, const Url& url, const IpAddress& address) {
  if (is_trusted(policy, url)) return;
  if (const auto use = special_use(address))
    refuse(url, "it leads to " + text_of(address) + ", which is " + std::string(*use) +
                    ". Use a public address, or add the host to UrlPolicy::trusted_hosts if it is yours.");
}

}  // namespace vitrine
