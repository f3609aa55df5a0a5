#include "pipeline/json_fields.h"

#include <stdexcept>
#include <utility>

namespace vitrine {
namespace {

constexpr std::size_t kLongestShown = 80;

std::string shown_value(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kLongestShown) text = text.substr(0, kLongestShown) + "...";
  return text;
}

std::string plain(double value) { return Json(value).dump(); }

}  // namespace

Json json_object_of(std::string_view text, const std::string& what) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::invalid_argument(what + " is not a JSON object. Give one in braces.");
  return json;
}

JsonFields::JsonFields(const Json& json, std::string what) : json_(json), what_(std::move(what)) {
  if (!json.is_object())
    throw std::invalid_argument(what_ + " is " + shown_value(json) + "; it must be a JSON object.");
}

const Json* JsonFields::find(const char* name) const {
  const auto found = json_.find(name);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> JsonFields::text(const char* name) const {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) refuse(name, "a text");
  return value->get<std::string>();
}

std::optional<std::int64_t> JsonFields::whole_number(const char* name, std::int64_t least, std::int64_t most) const {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  // Unsigned numbers past the signed range would turn negative.
  const bool fits = value->is_number_integer() &&
                    !(value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) &&
                    value->get<std::int64_t>() >= least && value->get<std::int64_t>() <= most;
  if (!fits) refuse(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return value->get<std::int64_t>();
}

std::optional<double> JsonFields::number(const char* name, double least, double most) const {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number() || !(value->get<double>() >= least && value->get<double>() <= most))
    refuse(name, "a number from " + plain(least) + " to " + plain(most));
  return value->get<double>();
}

std::optional<bool> JsonFields::truth(const char* name) const {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) refuse(name, "true or false");
  return value->get<bool>();
}

std::string JsonFields::required_text(const char* name) const {
  auto value = text(name);
  if (!value || value->empty()) refuse(name, "given, and not empty");
  return *value;
}

void JsonFields::refuse(const char* name, const std::string& rule) const {
  const Json* value = find(name);
  throw std::invalid_argument(what_ + ": '" + name + "' is " + (value == nullptr ? "missing" : shown_value(*value)) +
                              "; it must be " + rule + ".");
}

}  // namespace vitrine
