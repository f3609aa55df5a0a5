#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// Reads a Retry-After header in both forms of RFC 9110: seconds, or a date, from which `now` is taken off. Never
/// below zero; empty for anything else.
VITRINE_EXPORT std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, Timestamp now);

/// How long the answer asks to wait; empty if it does not say.
VITRINE_EXPORT std::optional<std::chrono::milliseconds> retry_after_of(const HttpResponse& response, Timestamp now);

/// What a status means as an error, for services that do not say it better: 401 and 403 permission_denied, 402
/// quota_exhausted, 404 and 410 not_found, 409 and 412 conflict, 413 image_too_large, 429 rate_limited with its
/// Retry-After, the rest unavailable. Only 408, 425, 429 and the 5xx are retryable. Shows the host and the status,
/// never the body.
VITRINE_EXPORT Error status_error(const HttpResponse& response, std::string_view url, Timestamp now);

}  // namespace vitrine
