#include "jobs/job_ids.h"

#include <algorithm>
#include <array>

#include "base/random_hex.h"

namespace vitrine {
namespace {

std::string hex(std::uint64_t value, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4u)
    *digit = "0123456789abcdef"[value & 15u];
  return text;
}

// Milliseconds in the upper 48 bits, the rest of the millisecond in the lower 12.
std::uint64_t ticks(Timestamp now) {
  const auto microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, now.time_since_epoch().count()));
  return (microseconds / 1000) << 12u | (microseconds % 1000) * 4096 / 1000;
}

}  // namespace

std::string JobIds::next(Timestamp now) {
  last_ = std::max(ticks(now), last_ + 1);
  const std::string random = random_hex(8);
  // '8' is the variant; it replaces two of the random bits, and two more go with its digit.
  return hex(last_ >> 28u, 8) + "-" + hex(last_ >> 12u, 4) + "-7" + hex(last_, 3) + "-8" + random.substr(0, 3) + "-" +
         random.substr(3, 12);
}

}  // namespace vitrine
