#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"
#include "vitrine/generate/generator.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// What a webhook tells. The service delivers again when it gets no 2xx in time: count by `id`, not by call.
struct BflWebhookEvent {
  std::string id;           ///< GenerationTask::id.
  GenerationStatus status;  ///< As poll() would give it; fetch() takes it.
};

/// Checks that a request to a webhook comes from Black Forest Labs and reads it. `body` is the raw body, before any
/// parsing; `secret` is what was sent as webhook_secret with the order.
///
/// The service's documents name two signs, so either is taken: `X-BFL-Signature: sha256=<hex>`, the HMAC-SHA256 of the
/// body, or, where that is missing, `X-Webhook-Secret` with the secret itself. Both are compared in constant time.
/// Throws Error: permission_denied (no sign, or a wrong one), corrupt_data (signed, but no report), image_too_large
/// (over 1 MiB); std::invalid_argument for an empty secret, with which anybody could sign.
VITRINE_EXPORT BflWebhookEvent verify_bfl_webhook(ByteView body, const std::vector<HttpHeader>& headers,
                                                  std::string_view secret);

}  // namespace vitrine
