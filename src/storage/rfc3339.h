#pragma once

#include <optional>
#include <string_view>

#include "vitrine/base/clock.h"

namespace vitrine {

/// The time in "2026-11-24T10:20:30.123Z" (RFC 3339 in UTC, any number of decimals); empty if it is none.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// "20261124T102030Z", as signatures have it; its first eight characters are the day.
std::string compact_time(Timestamp time);

}  // namespace vitrine
