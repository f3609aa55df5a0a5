#pragma once

#include <optional>
#include <string>
#include <utility>

#include "vitrine/net/http_error.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

inline HttpRequest request_to(std::string url, HttpMethod method = HttpMethod::get) {
  HttpRequest request;
  request.method = method;
  request.url = std::move(url);
  return request;
}

/// How sending failed; empty parts if it did not, or not as an HttpError.
struct SendFailure {
  std::optional<ErrorCode> code;
  std::optional<SendFate> fate;
  std::string message;
  bool retryable = false;
};

inline SendFailure failure_of_send(HttpTransport& transport, const HttpRequest& request, Context context = {}) {
  try {
    transport.send(request, context);
  } catch (const HttpError& error) {
    return {error.code(), error.fate(), error.what(), error.retryable()};
  } catch (const Error& error) {
    return {error.code(), std::nullopt, error.what(), error.retryable()};
  }
  return {};
}

inline std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace vitrine
