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

Error::Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

Error::Error(ErrorCode code, const std::string& message, std::chrono::milliseconds retry_after)
    : std::runtime_error(message), code_(code), retry_after_(retry_after) {}

bool Error::retryable() const noexcept {
  switch (code_) {
    case ErrorCode::rate_limited:
    case ErrorCode::unavailable:
    case ErrorCode::deadline_exceeded: return true;
    default: return false;
  }
}

Error about(std::string_view subject, const Error& error) {
  const std::string message = std::string(subject) + ": " + error.what();
  return error.retry_after() ? Error(error.code(), message, *error.retry_after()) : Error(error.code(), message);
}

}  // namespace vitrine
