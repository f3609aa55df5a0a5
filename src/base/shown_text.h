#pragma once

#include <string>
#include <string_view>

namespace vitrine {

/// What somebody else wrote, fit for a message: one line, printable ASCII, at most 240 characters.
std::string shown_text(std::string_view text);

}  // namespace vitrine
