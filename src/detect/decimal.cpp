#include "detect/decimal.h"

#include <array>
#include <charconv>

namespace vitrine {

std::string decimal(double value, int digits) {
  std::array<char, 400> text{};  // the largest double has 309 digits before the point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits).ptr;
  return {text.data(), end};
}

}  // namespace vitrine
