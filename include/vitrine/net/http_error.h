#pragma once

#include <string>

#include "vitrine/base/error.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// No answer came. Carries whether the request may have reached the server.
class VITRINE_EXPORT HttpError : public Error {
 public:
  HttpError(ErrorCode code, const std::string& message, SendFate fate, Retry retry = Retry::by_code)
      : Error(code, message, retry), fate_(fate) {}
  SendFate fate() const noexcept { return fate_; }

 private:
  SendFate fate_;
};

}  // namespace vitrine
