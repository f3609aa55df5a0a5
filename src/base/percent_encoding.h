#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

/// `text` with every byte but RFC 3986's unreserved ones and those in `kept` as %XX, in upper case.
std::string percent_encoded(std::string_view text, std::string_view kept = "");

/// The bytes behind each %XX; empty if a '%' is followed by something else.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace vitrine
