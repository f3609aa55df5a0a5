#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine {

using Json = nlohmann::ordered_json;

/// The object in `text`. Throws std::invalid_argument starting with `what` if there is none.
Json json_object_of(std::string_view text, const std::string& what);

/// Reads an object field by field; null counts as absent. Each throws std::invalid_argument that names the field, its
/// value and the rule it breaks. Borrows the object.
class JsonFields {
 public:
  /// `what` names the object in messages: "The request", "scenes[3]". Throws if `json` is no object.
  JsonFields(const Json& json, std::string what);
  JsonFields(Json&&, std::string) = delete;

  const Json* find(const char* name) const;  ///< nullptr if absent.
  std::optional<std::string> text(const char* name) const;
  std::optional<std::int64_t> whole_number(const char* name, std::int64_t least, std::int64_t most) const;
  std::optional<double> number(const char* name, double least, double most) const;
  std::optional<bool> truth(const char* name) const;
  std::string required_text(const char* name) const;

  /// "The request: 'size' is [1]; it must be …".
  [[noreturn]] void refuse(const char* name, const std::string& rule) const;

  const std::string& what() const { return what_; }

 private:
  const Json& json_;
  std::string what_;
};

}  // namespace vitrine
