#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vitrine {

/// True for UTF-8 (RFC 3629) without NUL: what every backend can store and JSON can carry.
bool is_plain_text(std::string_view text) noexcept;

/// The longest beginning of `text` that fits into `most` bytes, with '?' for each byte that is no UTF-8.
std::string cut_to_plain_text(std::string_view text, std::size_t most);

}  // namespace vitrine
