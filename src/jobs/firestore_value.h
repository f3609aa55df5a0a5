#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"

namespace vitrine {

/// Values of Firestore's REST interface (google.firestore.v1.Value): an object whose one name is the type.
nlohmann::json text_value(std::string_view text);
nlohmann::json integer_value(std::int64_t number);  ///< Travels as a text.
nlohmann::json number_value(double number);
nlohmann::json flag_value(bool flag);
nlohmann::json time_value(Timestamp time);
nlohmann::json optional_time_value(std::optional<Timestamp> time);  ///< null if there is none.
nlohmann::json map_value(nlohmann::json fields);                    ///< `fields` is an object of values.
nlohmann::json array_value(nlohmann::json values);                  ///< `values` is an array of values.

/// Any JSON as a value, whole numbers as integers. Arrays in arrays, which Firestore refuses, become texts.
nlohmann::json value_of(const nlohmann::json& json);

/// A time as RFC 3339 in UTC with microseconds, and back; empty for what is none.
std::string rfc3339(Timestamp time);
std::optional<Timestamp> time_of_rfc3339(std::string_view text);

/// Reads the fields of a document, which anybody may have written: a field that is missing or of another type is empty.
class FirestoreFields {
 public:
  explicit FirestoreFields(const nlohmann::json& fields) : fields_(fields) {}  ///< Borrowed.
  FirestoreFields(nlohmann::json&&) = delete;

  /// `path` names map fields with dots between them.
  std::optional<std::string> text(std::string_view path) const;
  std::optional<std::int64_t> integer(std::string_view path) const;
  std::optional<double> number(std::string_view path) const;  ///< An integer as well, or a text that is a number.
  std::optional<bool> flag(std::string_view path) const;
  std::optional<Timestamp> time(std::string_view path) const;  ///< A timestamp, or a text that is one.
  bool has(std::string_view path) const { return find(path) != nullptr; }

 private:
  const nlohmann::json* find(std::string_view path) const;
  const nlohmann::json* find(std::string_view path, const char* type) const;

  const nlohmann::json& fields_;
};

}  // namespace vitrine
