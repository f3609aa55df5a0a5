#include "storage/rfc3339.h"

#include <cstdio>
#include <string>

namespace vitrine {
namespace {

using namespace std::chrono;

// The digits after the point as microseconds; further digits are cut off.
std::optional<microseconds> fraction_in(std::string_view text) {
  if (text == "Z") return microseconds(0);
  if (text.size() < 3 || text.front() != '.' || text.back() != 'Z') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  microseconds::rep count = 0;
  for (std::size_t i = 0; i < 6; ++i) count = count * 10 + (i < text.size() ? text[i] - '0' : 0);
  return microseconds(count);
}

}  // namespace

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  constexpr std::size_t kWhole = 19;  // up to the seconds
  if (text.size() <= kWhole) return std::nullopt;
  int year_number = 0;
  unsigned month_number = 0;
  unsigned day_number = 0;
  int hour_number = 0;
  int minute_number = 0;
  int second_number = 0;
  const std::string whole(text.substr(0, kWhole));
  int used = 0;
  if (std::sscanf(whole.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%n", &year_number, &month_number, &day_number, &hour_number,
                  &minute_number, &second_number, &used) != 6 ||
      used != static_cast<int>(kWhole))
    return std::nullopt;
  const year_month_day date{year(year_number), month(month_number), day(day_number)};
  const auto fraction = fraction_in(text.substr(kWhole));
  if (!date.ok() || !fraction || hour_number > 23 || minute_number > 59 || second_number > 60) return std::nullopt;
  return sys_days(date) + hours(hour_number) + minutes(minute_number) + seconds(second_number) + *fraction;
}

std::string compact_time(Timestamp time) {
  const auto today = floor<days>(time);
  const year_month_day date(today);
  const hh_mm_ss clock(floor<seconds>(time - today));
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()) % 10000,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace vitrine
