#include "vitrine/base/error.h"

namespace vitrine {

std::string_view name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_image: return "invalid_image";
    case ErrorCode::image_too_large: return "image_too_large";
    case ErrorCode::no_suitable_region: return "no_suitable_region";
    case ErrorCode::model_unavailable: return "model_unavailable";
    case ErrorCode::permission_denied: return "permission_denied";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::lease_lost: return "lease_lost";
    case ErrorCode::rate_limited: return "rate_limited";
    case ErrorCode::quota_exhausted: return "quota_exhausted";
    case ErrorCode::moderated: return "moderated";
    case ErrorCode::deadline_exceeded: return "deadline_exceeded";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::corrupt_data: return "corrupt_data";
    case ErrorCode::unsafe_url: return "unsafe_url";
    case ErrorCode::disk_full: return "disk_full";
  }
  return "unknown";
}

Error::Error(ErrorCode code, const std::string& message, Retry retry)
    : std::runtime_error(message), code_(code), retry_(retry) {}

Error::Error(ErrorCode code, const std::string& message, std::chrono::milliseconds retry_after)
    : std::runtime_error(message), code_(code), retry_after_(retry_after) {}

bool Error::retryable() const noexcept {
  if (retry_ == Retry::never) return false;
  switch (code_) {
    case ErrorCode::rate_limited:
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded: return true;
    default: return false;
  }
}

Error about(std::string_view subject, const Error& error) {
  Error named(error.code_, std::string(subject) + ": " + error.what(), error.retry_);
  named.retry_after_ = error.retry_after_;
  return named;
}

}  // namespace vitrine
