// What goes through an exchange: connections, headers and bodies. Setting it up and driving it: curl_exchange.cpp.
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "net/ascii.h"
#include "net/curl_exchange.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostHeaderBytes = 256u << 10u;

std::size_t declared_length(const HttpResponse& response) {
  const auto text = response.header("content-length");
  std::size_t length = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), length);
  return length;
}

}  // namespace

curl_socket_t CurlExchange::open_socket(curl_sockaddr& address) {
  const auto target = read_socket_address(&address.addr);
  const bool checked = request_.policy && proxy_.empty();
  if (checked && !target) throw Error(ErrorCode::unsafe_url, url_.host + " leads to no internet address.");
  if (checked) check_address(*request_.policy, url_, target->address);
  if (settings_.route && target) write_socket_address(settings_.route(*target), &address.addr);
  // A child that the host starts must not hold our connections.
  return ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
}

// A pooled connection was opened under another request's policy, or under none.
void CurlExchange::check_connection(const char* remote) {
  if (!request_.policy || !proxy_.empty() || settings_.route) return;
  const auto address = parse_ip_address(remote);
  if (!address) throw Error(ErrorCode::unsafe_url, url_.host + " leads to no internet address.");
  check_address(*request_.policy, url_, *address);
}

void CurlExchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMostHeaderBytes)
    throw Error(ErrorCode::image_too_large,
                url_.host + " sends more than " + std::to_string(kMostHeaderBytes) + " bytes of headers. Give it up.");
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (body_began_ || line.empty()) return;  // trailers come after the caller has seen the headers
  if (line.starts_with("HTTP/")) {          // also after an interim answer such as 103
    response_.headers.clear();
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return;
  response_.headers.push_back({std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
}

void CurlExchange::check_length(std::size_t more) {
  if (more <= request_.max_response_bytes - std::min(received_, request_.max_response_bytes)) return;
  throw Error(ErrorCode::image_too_large, "The answer of " + url_.host + " has more than " +
                                              std::to_string(request_.max_response_bytes) +
                                              " bytes, which is the limit. Raise HttpRequest::max_response_bytes.");
}

void CurlExchange::take_body(ByteView bytes) {
  if (!body_began_) {
    body_began_ = true;
    long status = 0;
    curl_easy_getinfo(session_.easy(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    check_length(declared_length(response_));
  }
  check_length(bytes.size());
  received_ += bytes.size();
  if (request_.sink && response_.ok())
    request_.sink->write(bytes);
  else
    response_.body.insert(response_.body.end(), bytes.begin(), bytes.end());
}

std::size_t CurlExchange::give_body(std::span<std::uint8_t> buffer) {
  if (request_.source) return read_source(buffer);
  const std::size_t count = std::min(buffer.size(), request_.body.size() - sent_);
  std::copy_n(request_.body.begin() + static_cast<std::ptrdiff_t>(sent_), count, buffer.begin());
  sent_ += count;
  return count;
}

// The last bytes leave only when the source has kept its promise: a body of the wrong length must not arrive whole.
std::size_t CurlExchange::read_source(std::span<std::uint8_t> buffer) {
  const std::size_t left = request_.source_size - sent_;
  if (left == 0) return 0;
  const std::size_t count = request_.source->read(buffer.first(std::min(buffer.size(), left)));
  if (count == 0)
    throw std::invalid_argument("HttpRequest::source ended after " + std::to_string(sent_) + " of the " +
                                std::to_string(request_.source_size) +
                                " bytes that source_size promises. Set source_size to the number of bytes it gives.");
  sent_ += count;
  std::uint8_t extra = 0;
  if (sent_ == request_.source_size && request_.source->read({&extra, 1}) > 0)
    throw std::invalid_argument("HttpRequest::source gave more than the " + std::to_string(request_.source_size) +
                                " bytes that source_size promises. Set source_size to the number of bytes it gives.");
  return count;
}

}  // namespace vitrine
