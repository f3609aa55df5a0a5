#include "jobs/firestore_value.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace vitrine {
namespace {

using nlohmann::json;

// from_chars() for a whole text.
template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// Reads a fixed number of digits at the front and takes them off.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i)
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  const auto number = number_in<int>(text.substr(0, count));
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Digits behind the point, as microseconds: what is finer is cut off, as Firestore does.
std::optional<int> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nullopt;
  std::string six(text.substr(0, std::min<std::size_t>(digits, 6)));
  six.resize(6, '0');
  text.remove_prefix(digits);
  return number_in<int>(six);
}

}  // namespace

json text_value(std::string_view text) { return {{"stringValue", text}}; }
json integer_value(std::int64_t number) { return {{"integerValue", std::to_string(number)}}; }
json flag_value(bool flag) { return {{"booleanValue", flag}}; }
json time_value(Timestamp time) { return {{"timestampValue", rfc3339(time)}}; }
json map_value(json fields) { return {{"mapValue", {{"fields", std::move(fields)}}}}; }
json array_value(json values) { return {{"arrayValue", {{"values", std::move(values)}}}}; }

json number_value(double number) {
  // JSON has no name for these; Firestore takes them as texts.
  if (std::isnan(number)) return {{"doubleValue", "NaN"}};
  if (std::isinf(number)) return {{"doubleValue", number > 0 ? "Infinity" : "-Infinity"}};
  return {{"doubleValue", number}};
}

json optional_time_value(std::optional<Timestamp> time) {
  if (time) return time_value(*time);
  return {{"nullValue", nullptr}};
}

json value_of(const json& any) {
  if (any.is_boolean()) return flag_value(any.get<bool>());
  if (any.is_number_unsigned() && any.get<std::uint64_t>() > INT64_MAX) return number_value(any.get<double>());
  if (any.is_number_integer()) return integer_value(any.get<std::int64_t>());
  if (any.is_number()) return number_value(any.get<double>());
  if (any.is_string()) return text_value(any.get<std::string>());
  if (any.is_object()) {
    json fields = json::object();
    for (const auto& [name, value] : any.items()) fields[name] = value_of(value);
    return map_value(std::move(fields));
  }
  if (any.is_array()) {
    json values = json::array();
    for (const auto& value : any) values.push_back(value.is_array() ? text_value(value.dump()) : value_of(value));
    return array_value(std::move(values));
  }
  return {{"nullValue", nullptr}};
}

std::string rfc3339(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<microseconds> clock(time - day);
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                                 static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                                 static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<Timestamp> time_of_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto y = take_digits(text, 4);
  const auto mo = y && take(text, '-') ? take_digits(text, 2) : std::nullopt;
  const auto d = mo && take(text, '-') ? take_digits(text, 2) : std::nullopt;
  const auto h = d && (take(text, 'T') || take(text, 't')) ? take_digits(text, 2) : std::nullopt;
  const auto mi = h && take(text, ':') ? take_digits(text, 2) : std::nullopt;
  const auto s = mi && take(text, ':') ? take_digits(text, 2) : std::nullopt;
  const auto fraction = s ? take_fraction(text) : std::nullopt;
  if (!fraction || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  minutes offset{0};
  if (!take(text, 'Z') && !take(text, 'z')) {
    const bool west = take(text, '-');
    if (!west && !take(text, '+')) return std::nullopt;
    const auto hours_off = take_digits(text, 2);
    const auto minutes_off = hours_off && take(text, ':') ? take_digits(text, 2) : std::nullopt;
    if (!minutes_off) return std::nullopt;
    offset = (hours(*hours_off) + minutes(*minutes_off)) * (west ? -1 : 1);
  }
  const year_month_day date(year(*y), month(static_cast<unsigned>(*mo)), day(static_cast<unsigned>(*d)));
  if (!text.empty() || !date.ok()) return std::nullopt;
  return Timestamp(sys_days(date)) + hours(*h) + minutes(*mi) + seconds(*s) + microseconds(*fraction) - offset;
}

const json* FirestoreFields::find(std::string_view path) const {
  const json* fields = &fields_;
  while (true) {
    const auto dot = path.find('.');
    if (!fields->is_object()) return nullptr;
    const auto found = fields->find(path.substr(0, dot));
    if (found == fields->end() || !found->is_object()) return nullptr;
    if (dot == std::string_view::npos) return &*found;
    const auto map = found->find("mapValue");
    if (map == found->end() || !map->is_object()) return nullptr;
    const auto inner = map->find("fields");
    if (inner == map->end()) return nullptr;
    fields = &*inner;
    path.remove_prefix(dot + 1);
  }
}

const json* FirestoreFields::find(std::string_view path, const char* type) const {
  const json* value = find(path);
  if (value == nullptr) return nullptr;
  const auto found = value->find(type);
  return found == value->end() ? nullptr : &*found;
}

std::optional<std::string> FirestoreFields::text(std::string_view path) const {
  const json* value = find(path, "stringValue");
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return value->get<std::string>();
}

std::optional<std::int64_t> FirestoreFields::integer(std::string_view path) const {
  const json* value = find(path, "integerValue");
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return number_in<std::int64_t>(value->get<std::string>());
  if (value->is_number_integer()) return value->get<std::int64_t>();
  return std::nullopt;
}

std::optional<double> FirestoreFields::number(std::string_view path) const {
  if (const auto whole = integer(path)) return static_cast<double>(*whole);
  if (const json* value = find(path, "doubleValue"); value != nullptr && value->is_number()) return value->get<double>();
  if (const auto written = text(path)) return number_in<double>(*written);
  return std::nullopt;
}

std::optional<bool> FirestoreFields::flag(std::string_view path) const {
  const json* value = find(path, "booleanValue");
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

std::optional<Timestamp> FirestoreFields::time(std::string_view path) const {
  if (const json* value = find(path, "timestampValue"); value != nullptr && value->is_string())
    return time_of_rfc3339(value->get<std::string>());
  if (const auto written = text(path)) return time_of_rfc3339(*written);
  return std::nullopt;
}

}  // namespace vitrine
