#include "net/http_date.h"

#include <cstdio>
#include <string_view>

namespace vitrine {
namespace {

struct Parts {
  unsigned day = 0;
  char month[4] = {};
  int year = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<Parts> read_today(const char* text) {
  Parts parts;
  const int count = std::sscanf(text, "%*3[A-Za-z], %2u %3[A-Za-z] %4d %2d:%2d:%2d GMT", &parts.day, parts.month,
                                &parts.year, &parts.hour, &parts.minute, &parts.second);
  return count == 6 ? std::optional(parts) : std::nullopt;
}

// RFC 850: "Sunday, 06-Nov-94 08:49:37 GMT".
std::optional<Parts> read_two_digit_year(const char* text) {
  Parts parts;
  const int count = std::sscanf(text, "%*9[A-Za-z], %2u-%3[A-Za-z]-%2d %2d:%2d:%2d GMT", &parts.day, parts.month,
                                &parts.year, &parts.hour, &parts.minute, &parts.second);
  if (count != 6) return std::nullopt;
  parts.year += parts.year < 70 ? 2000 : 1900;
  return parts;
}

// The C library's asctime(): "Sun Nov  6 08:49:37 1994".
std::optional<Parts> read_asctime(const char* text) {
  Parts parts;
  const int count = std::sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2u %2d:%2d:%2d %4d", parts.month, &parts.day,
                                &parts.hour, &parts.minute, &parts.second, &parts.year);
  return count == 6 ? std::optional(parts) : std::nullopt;
}

std::optional<Timestamp> time_of(const Parts& parts) {
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto place = kMonths.find(parts.month);
  if (place == std::string_view::npos || place % 3 != 0) return std::nullopt;
  const std::chrono::month month(static_cast<unsigned>(place / 3) + 1);
  const std::chrono::year_month_day date{std::chrono::year(parts.year), month, std::chrono::day(parts.day)};
  if (!date.ok() || parts.year < 1970 || parts.hour > 23 || parts.minute > 59 || parts.second > 60 || parts.hour < 0 ||
      parts.minute < 0 || parts.second < 0)
    return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
         std::chrono::seconds(parts.second);
}

}  // namespace

std::optional<Timestamp> parse_http_date(const std::string& text) {
  for (const auto read : {read_today, read_two_digit_year, read_asctime})
    if (const auto parts = read(text.c_str())) return time_of(*parts);
  return std::nullopt;
}

}  // namespace vitrine
