#include "vitrine/net/url.h"

#include <algorithm>
#include <charconv>

#include "net/ascii.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kLongestUrl = 8192;
constexpr std::size_t kLongestHost = 253;  // RFC 1035
constexpr std::size_t kLongestLabel = 63;  // RFC 1035
constexpr std::size_t kLongestWord = 24;   // of a path in a log: tokens are longer
constexpr std::size_t kLongestVersion = 8;

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::unsafe_url, "The address is refused: " + reason);
}

void check_characters(std::string_view text) {
  if (text.size() > kLongestUrl)
    refuse("it has " + std::to_string(text.size()) + " characters; the limit is " + std::to_string(kLongestUrl) + ".");
  for (const char c : text) {
    if (c < 0x21 || c > 0x7e)
      refuse(
          "it holds a space, a control character or one outside of ASCII. Percent-encode it, and write a host "
          "name with such characters as xn--….");
    if (c == '\\') refuse("it holds a backslash, which some programs take for a slash. Write / or %5C.");
  }
}

std::string read_scheme(std::string_view text) {
  const auto end = text.find("://");
  std::string scheme = lower(text.substr(0, end == std::string_view::npos ? 0 : end));
  if (scheme != "http" && scheme != "https") refuse("it does not begin with http:// or https://.");
  return scheme;
}

std::uint16_t read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0 || text.size() > 5)
    refuse("its port is not a number from 1 to 65535. Leave the colon out for the usual port.");
  return port;
}

// Whatever the C library might read as a number is an address, and then it must be a canonical one.
bool ends_in_a_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool digits = std::all_of(last.begin(), last.end(), is_digit);
  return digits || last.starts_with("0x");
}

void check_label(std::string_view label) {
  const auto allowed = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
  if (label.empty() || label.size() > kLongestLabel || !std::all_of(label.begin(), label.end(), allowed))
    refuse(
        "its host is no name: the parts between dots have 1 to 63 letters, digits and hyphens. Write a name with "
        "other letters as xn--….");
}

void check_name(std::string_view host) {
  if (host.size() > kLongestHost) refuse("its host has more than 253 characters.");
  for (std::size_t begin = 0; begin <= host.size();) {
    const auto end = std::min(host.find('.', begin), host.size());
    check_label(host.substr(begin, end - begin));
    begin = end + 1;
  }
  if (ends_in_a_number(host))
    refuse("its host is a number but no IPv4 address. Write four decimal numbers without leading zeros.");
}

void read_host(Url& url, std::string_view host) {
  if (host.starts_with('[')) {
    if (!host.ends_with(']')) refuse("the bracket around its IPv6 address is not closed.");
    url.address = parse_ip_address(host.substr(1, host.size() - 2));
    if (!url.address || url.address->version != 6) refuse("what stands in brackets is no IPv6 address.");
    url.host = text_of(*url.address);
    return;
  }
  url.host = lower(host);
  url.address = parse_ip_address(url.host);
  if (url.address && url.address->version == 6) refuse("its IPv6 address does not stand in brackets.");
  if (!url.address) check_name(url.host);
}

void read_authority(Url& url, std::string_view authority) {
  if (authority.find('@') != std::string_view::npos)
    refuse("it holds a user name. Put credentials into a header; some programs take the name for the host.");
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  read_host(url, authority.substr(0, colon));
  url.port = url.scheme == "https" ? 443 : 80;
  if (colon != std::string_view::npos) url.port = read_port(authority.substr(colon + 1));
}

std::string without_fragment(std::string_view target) { return std::string(target.substr(0, target.find('#'))); }

// RFC 3986, section 5.2.4, on a path that begins with '/'.
std::string without_dot_segments(std::string_view path) {
  std::string kept;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool last = end == path.size();
    path.remove_prefix(end);
    if (segment == "/..") kept.erase(std::min(kept.rfind('/'), kept.size()));
    if (segment != "/." && segment != "/..")
      kept += segment;
    else if (last)
      kept += '/';
  }
  return kept.empty() ? "/" : kept;
}

bool has_scheme(std::string_view reference) {
  const auto colon = reference.find(':');
  return colon != std::string_view::npos && colon < reference.find_first_of("/?#");
}

std::string merge_target(const Url& base, std::string_view reference) {
  const std::string_view base_path = std::string_view(base.target).substr(0, base.target.find('?'));
  if (reference.empty()) return base.target;
  if (reference.starts_with('?')) return std::string(base_path).append(reference);
  const std::string_view path = reference.substr(0, reference.find('?'));
  const std::string_view query = reference.substr(path.size());
  std::string whole(path.starts_with('/') ? std::string_view() : base_path.substr(0, base_path.rfind('/') + 1));
  return without_dot_segments(whole.append(path)).append(query);
}

// "storage", "v1", "v1beta1": words of an interface. Digits elsewhere are an id or a token.
bool is_plain_word(std::string_view word) {
  if (word.size() > kLongestWord) return false;
  const bool version = word.size() >= 2 && word.size() <= kLongestVersion && word[0] == 'v' && is_digit(word[1]);
  return std::all_of(word.begin(), word.end(),
                     [&](char c) { return is_letter(c) || c == '-' || c == '_' || (version && is_digit(c)); });
}

std::string first_word(std::string_view target) {
  const auto end = std::min(target.find_first_of("/?", 1), target.size());
  const std::string_view word = target.substr(1, end - 1);
  if (!is_plain_word(word)) return "/…";
  return "/" + std::string(word) + (end == target.size() ? "" : word.empty() ? "…" : "/…");
}

}  // namespace

std::string Url::origin() const {
  const bool bracketed = address && address->version == 6;
  const bool usual = port == (scheme == "https" ? 443 : 80);
  return scheme + "://" + (bracketed ? "[" + host + "]" : host) + (usual ? "" : ":" + std::to_string(port));
}

Url parse_url(std::string_view text) {
  check_characters(text);
  Url url;
  url.scheme = read_scheme(text);
  const std::string_view rest = text.substr(url.scheme.size() + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  read_authority(url, rest.substr(0, end));
  url.target = without_fragment(rest.substr(end));
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

Url resolve_reference(const Url& base, std::string_view reference) {
  if (has_scheme(reference)) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
  check_characters(reference);
  Url url = base;
  url.target = merge_target(base, without_fragment(reference));
  return url;
}

std::string redacted(std::string_view text) {
  try {
    const Url url = parse_url(text);
    return url.origin() + first_word(url.target);
  } catch (const Error&) {
    return "an unreadable address";
  }
}

// Read loosely: it serves messages about addresses that cannot be read, too.
std::string host_of(std::string_view text) {
  const auto scheme = text.find("://");
  std::string_view host = scheme == std::string_view::npos ? std::string_view() : text.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#\\"));
  host = host.substr(host.rfind('@') + 1);
  if (!host.starts_with('[')) host = host.substr(0, host.find(':'));
  const auto plain = [](char c) {
    return is_digit(c) || is_letter(c) || std::string_view(".-_[]:").find(c) != std::string_view::npos;
  };
  if (host.empty() || host.size() > kLongestHost || !std::all_of(host.begin(), host.end(), plain))
    return "an unreadable address";
  return std::string(host);
}

}  // namespace vitrine
