#pragma once

#include <string>
#include <string_view>

namespace vitrine {

/// Why `text` is no JSON object (RFC 8259) of at most 64 levels; empty if it is one. Takes no memory for its content.
std::string json_object_fault(std::string_view text);

/// True if the two JSON texts mean the same: white space and the order of names do not matter.
bool same_json(std::string_view a, std::string_view b);

}  // namespace vitrine
