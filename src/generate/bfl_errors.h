#pragma once

#include <string>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/base/error.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// What a non-2xx answer of the service means, and what to do next. `what` begins the sentence ("The order", "Asking
/// for task 7…"); `secret` is kept out of it. `now` is what a Retry-After with a date is taken from.
Error bfl_refusal(const HttpResponse& response, const std::string& what, std::string_view secret, Timestamp now);

/// True for an answer after which the same question may be asked again: 408, 429 and every 5xx.
bool is_passing(int status);

}  // namespace vitrine
