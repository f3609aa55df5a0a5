#pragma once

#include <string>

#include "vitrine/base/error.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// The order may or may not have reached the service, so it may or may not be paid for.
class VITRINE_EXPORT SubmitUnknown : public Error {
 public:
  /// Never retryable: sending it again could pay twice.
  explicit SubmitUnknown(const std::string& message) : Error(ErrorCode::unavailable, message, Retry::never) {}
};

}  // namespace vitrine
