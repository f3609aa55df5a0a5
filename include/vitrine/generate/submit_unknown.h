#pragma once

#include <string>

#include "vitrine/base/error.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// The order may or may not have reached the service, so it may or may not be paid for.
class VITRINE_EXPORT SubmitUnknown : public Error {
 public:
  explicit SubmitUnknown(const std::string& message) : Error(ErrorCode::unavailable, message) {}

  /// Never by itself: that could pay twice. Hides Error::retryable().
  bool retryable() const noexcept { return false; }
};

}  // namespace vitrine
