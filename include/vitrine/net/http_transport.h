#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/bytes.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"

namespace vitrine {

struct UrlPolicy;

enum class HttpMethod { get, head, post, put, patch, del };

VITRINE_EXPORT std::string_view name_of(HttpMethod method) noexcept;  ///< "GET", …, "DELETE".

struct HttpHeader {
  std::string name;  ///< Compared without regard to case (RFC 9110, section 5.1).
  std::string value;
};

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string url;
  std::vector<HttpHeader> headers;
  Bytes body;

  /// Sent instead of `body` if set, `source_size` bytes long. Not read again: such a request is never repeated by us.
  std::shared_ptr<ByteSource> source;
  std::size_t source_size = 0;

  /// Receives the body of a 2xx answer instead of HttpResponse::body.
  std::shared_ptr<ByteSink> sink;

  /// For an address that somebody else wrote: where it may lead. Unset: anywhere.
  std::shared_ptr<const UrlPolicy> policy;

  std::size_t max_response_bytes = 64u << 20u;  ///< A longer answer is Error image_too_large, found while it streams.
  std::chrono::milliseconds timeout{60'000};    ///< For the whole exchange; the context's deadline holds as well.
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  Bytes body;

  /// The first header of that name, whatever its case.
  VITRINE_EXPORT std::optional<std::string> header(std::string_view name) const;
  bool ok() const { return status >= 200 && status < 300; }
};

/// How sure we are that a request that got no answer did not reach the server: decides whether it may be sent again.
enum class SendFate {
  not_sent,  ///< No byte of it left: resolving, connecting or the TLS handshake failed.
  unknown,   ///< It may have arrived.
};

/// Sends HTTP requests. Follows no redirect by itself. Safe to use from many threads at once.
class VITRINE_EXPORT HttpTransport {
 public:
  HttpTransport() = default;
  virtual ~HttpTransport() = default;
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;

  /// Returns the answer whatever its status: a non-2xx answer is a response, no error. Cancel is noticed within
  /// 200 ms. Throws HttpError if there is no answer: unavailable, cancelled, deadline_exceeded, each with the fate of
  /// the request; Error: image_too_large, unsafe_url. Messages show the host, never the query or a header. What a
  /// source or sink throws leaves as it is. std::invalid_argument for a header that would break the request.
  virtual HttpResponse send(const HttpRequest& request, Context& context) = 0;
};

}  // namespace vitrine
