#pragma once

#include <optional>
#include <string>

#include "vitrine/base/clock.h"

namespace vitrine {

/// The time in an HTTP date (RFC 9110, section 5.6.7): today's form, "Sun, 06 Nov 1994 08:49:37 GMT", or one of the two
/// obsolete ones that a recipient has to read; empty if it is none.
std::optional<Timestamp> parse_http_date(const std::string& text);

}  // namespace vitrine
