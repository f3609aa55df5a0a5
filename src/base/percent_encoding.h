#pragma once

#include <string>
#include <string_view>

namespace vitrine {

/// `text` with every byte but RFC 3986's unreserved ones and those in `kept` as %XX, in upper case.
std::string percent_encoded(std::string_view text, std::string_view kept = "");

}  // namespace vitrine
