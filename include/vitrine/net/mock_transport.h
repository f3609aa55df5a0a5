#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "vitrine/net/http_error.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// A transport that plays a script, for tests without a server. Safe to use from many threads at once.
class VITRINE_EXPORT MockTransport : public HttpTransport {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  /// Answers that are used up in order, one a request. After the last one, `otherwise` answers; without one, every
  /// further request throws HttpError `unavailable`.
  explicit MockTransport(Handler otherwise = nullptr);

  void then(HttpResponse response);               ///< Answers the next request in line.
  void then_fail(ErrorCode code, SendFate fate);  ///< Fails the next request in line.

  HttpResponse send(const HttpRequest& request, Context& context) override;

  /// What was sent so far, without sources and sinks; request.source is read into the body.
  std::vector<HttpRequest> requests() const;

 private:
  struct Step {
    std::optional<HttpResponse> response;
    ErrorCode code = ErrorCode::unavailable;
    SendFate fate = SendFate::unknown;
  };
  mutable std::mutex mutex_;
  std::deque<Step> script_;
  Handler otherwise_;
  std::vector<HttpRequest> requests_;
};

}  // namespace vitrine
