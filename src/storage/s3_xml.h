#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// What stands between <name> and </name> where they first occur; empty if they do not. S3's answers are flat enough
/// for that: no attributes that matter, no name within itself.
std::optional<std::string_view> xml_element(std::string_view xml, std::string_view name);

/// The same of every occurrence, in order.
std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view name);

/// The text of an element with its entities (&amp; &#43; …) resolved; "" if there is none.
std::string xml_text(std::string_view xml, std::string_view name);

}  // namespace vitrine
