#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// What kind of trouble it is. A published code never changes its meaning; hosts may store and compare its name.
enum class ErrorCode {
  invalid_image,       ///< Not an image, or damaged beyond use.
  image_too_large,     ///< More pixels, bytes or metadata than the limits allow.
  no_suitable_region,  ///< Nothing was found that the policy accepts.
  model_unavailable,   ///< Weights are missing or do not fit.
  permission_denied,   ///< The file system or a service refused us.
  not_found,           ///< The file, job or object does not exist.
  conflict,            ///< It exists already, or somebody changed it first.
  lease_lost,          ///< Another worker holds the job now.
  rate_limited,        ///< Too many requests; retry_after() says when to come back.
  quota_exhausted,     ///< Credits, budget or disk are used up.
  moderated,           ///< The generator refused the prompt or the picture.
  deadline_exceeded,   ///< The context's deadline passed.
  unavailable,         ///< A service or device does not answer for now.
  cancelled,           ///< The context was cancelled.
  corrupt_data,        ///< A stored file, template or answer is damaged or forged.
  unsafe_url,          ///< UrlPolicy refuses the address.
  disk_full,           ///< There is no room for the output.
};

/// The stable word for a code, for example "lease_lost".
VITRINE_EXPORT std::string_view name_of(ErrorCode code) noexcept;

/// Whether an error's code decides if the call may be made again, or it must not be, as when that could pay twice.
enum class Retry { by_code, never };

/// Trouble in the world, as against misuse (which is std::invalid_argument). The message names the thing, the reason
/// and what to do next, in full sentences; it never holds a key or a signed URL.
class VITRINE_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, Retry retry = Retry::by_code);

  /// The same trouble with a time after which a retry makes sense.
  Error(ErrorCode code, const std::string& message, std::chrono::milliseconds retry_after);

  ErrorCode code() const noexcept { return code_; }

  /// True if the same call may succeed later without anybody changing anything, and may be made again. It is kept in
  /// the error itself, so that one caught as a plain Error, or given a subject by about(), still knows.
  bool retryable() const noexcept;

  std::optional<std::chrono::milliseconds> retry_after() const noexcept { return retry_after_; }

 private:
  friend VITRINE_EXPORT Error about(std::string_view subject, const Error& error);

  ErrorCode code_;
  Retry retry_ = Retry::by_code;
  std::optional<std::chrono::milliseconds> retry_after_;
};

/// The same error with `subject: ` in front of its message, for a layer that knows the file or job it belongs to.
VITRINE_EXPORT Error about(std::string_view subject, const Error& error);

}  // namespace vitrine
