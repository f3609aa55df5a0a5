#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace vitrine {

/// JSON that somebody else wrote; empty if it is none. What lies deeper than 32 levels is left out, since copying and
/// printing values calls itself for each level.
inline std::optional<nlohmann::json> parse_foreign_json(std::string_view text) {
  constexpr int kDeepest = 32;
  const auto near = [](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) { return depth <= kDeepest; };
  auto value = nlohmann::json::parse(text, near, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

}  // namespace vitrine
