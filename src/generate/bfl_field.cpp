#include "generate/bfl_field.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "generate/bfl_picture.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr double kUnbounded = 1.0e15;  // rows beyond this have no limit that is worth telling
constexpr std::size_t kMostPictures = 10;

std::string named(const BflEndpoint& endpoint, const BflField& field) {
  return "The field '" + std::string(field.name) + "' of " + std::string(endpoint.model);
}

std::string shown(const json& value) {
  if (value.is_string()) return "a text of " + std::to_string(value.get_ref<const std::string&>().size()) + " bytes";
  if (value.is_structured()) return value.is_array() ? "an array" : "an object";
  return value.dump();
}

// "12" for 12.0, "1.5" for 1.5, whatever the host's locale.
std::string decimal(double value) {
  return value == std::floor(value) && std::abs(value) < kUnbounded ? std::to_string(static_cast<long long>(value))
                                                                    : json(value).dump();
}

std::string limits(const BflField& field) {
  std::string text = field.type == BflType::integer ? "a whole number" : "a number";
  if (field.most < kUnbounded)
    text += " from " + decimal(field.least) + " to " + decimal(field.most);
  else if (field.least > -kUnbounded)
    text += ", at least " + decimal(field.least);
  if (field.multiple > 1) text += ", and a multiple of " + std::to_string(field.multiple);
  return text;
}

[[noreturn]] void refuse(const BflEndpoint& endpoint, const BflField& field, const json& value,
                         const std::string& must_be) {
  throw std::invalid_argument(named(endpoint, field) + " is " + shown(value) + "; it must be " + must_be + ".");
}

std::size_t characters_in(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool is_text(const BflField& field, const json& value) {
  return value.is_string() &&
         characters_in(value.get_ref<const std::string&>()) <= static_cast<std::size_t>(field.most);
}

bool is_in_range(const BflField& field, const json& value) {
  if (field.type == BflType::integer ? !value.is_number_integer() : !value.is_number()) return false;
  const double number = value.get<double>();
  return number >= field.least && number <= field.most &&
         (field.type != BflType::integer || std::fmod(number, field.multiple) == 0);
}

bool is_word_of(std::string_view words, std::string_view word) {
  for (std::size_t start = 0; start <= words.size();) {
    const std::size_t end = std::min(words.find('|', start), words.size());
    if (words.substr(start, end - start) == word) return true;
    start = end + 1;
  }
  return false;
}

bool is_ratio(const BflField& field, const std::string& text) {
  int width = 0;
  int height = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return false;
  const auto second = std::from_chars(first.ptr + 1, end, height);
  if (second.ec != std::errc() || second.ptr != end || width < 1 || height < 1) return false;
  // A hair of room, so that 21:9 is not over 21/9.
  const double ratio = static_cast<double>(width) / height;
  return ratio >= field.least * (1 - 1e-9) && ratio <= field.most * (1 + 1e-9);
}

std::string listed(std::string_view words) {
  std::string text(words);
  for (std::size_t bar = text.find('|'); bar != std::string::npos; bar = text.find('|')) text.replace(bar, 1, ", ");
  return "one of " + text;
}

BflValue picture_value(const BflField& field, const std::string& value) {
  auto picture = read_bfl_picture(field, value);
  return {json(std::move(picture.value)), {picture.size}};
}

BflValue picture_values(const BflEndpoint& endpoint, const BflField& field, const json& value) {
  if (value.is_string()) return picture_value(field, value.get_ref<const std::string&>());
  if (!value.is_array() || value.empty() || value.size() > kMostPictures ||
      !std::all_of(value.begin(), value.end(), [](const json& each) { return each.is_string(); }))
    refuse(endpoint, field, value, "a picture or an array of 1 to 10 pictures");
  BflValue all{json::array(), {}};
  for (const json& each : value) {
    auto one = picture_value(field, each.get_ref<const std::string&>());
    all.json.push_back(std::move(one.json));
    all.pictures.push_back(one.pictures.front());
  }
  return all;
}

}  // namespace

BflValue check_bfl_field(const BflEndpoint& endpoint, const BflField& field, json value) {
  const auto require = [&](bool good, const std::string& must_be) {
    if (!good) refuse(endpoint, field, value, must_be);
  };
  switch (field.type) {
    case BflType::text:
      require(is_text(field, value), "a text of at most " + decimal(field.most) + " characters");
      break;
    case BflType::integer:
    case BflType::number:
      require(is_in_range(field, value), limits(field));
      break;
    case BflType::flag:
      require(value.is_boolean(), "true or false");
      break;
    case BflType::choice:
      require(value.is_string() && is_word_of(field.words, value.get_ref<const std::string&>()), listed(field.words));
      break;
    case BflType::ratio:
      require(value.is_string() && is_ratio(field, value.get_ref<const std::string&>()),
              "a ratio such as \"16:9\", from 9:21 to 21:9");
      break;
    case BflType::base64_picture:
    case BflType::picture:
      require(value.is_string(), "a picture as base64 text");
      return picture_value(field, value.get_ref<const std::string&>());
    case BflType::pictures:
      return picture_values(endpoint, field, value);
    case BflType::address:
      require(value.is_string(), "an https address");
      require_bfl_address(field, value.get_ref<const std::string&>());
      break;
  }
  return {std::move(value), {}};
}

bool is_left_out_of_tasks(const BflField& field) {
  switch (field.type) {
    case BflType::base64_picture:
    case BflType::picture:
    case BflType::pictures:
    case BflType::address:
      return true;
    default:
      return field.name == "webhook_secret";
  }
}

}  // namespace vitrine
