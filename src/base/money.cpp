#include "vitrine/base/money.h"

namespace vitrine {

std::string to_string(MicroUsd amount) {
  const bool negative = amount.value < 0;
  // Unsigned, because the smallest int64 has no positive twin.
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(amount.value) : static_cast<std::uint64_t>(amount.value);
  const std::string micros = std::to_string(size % 1'000'000);
  return (negative ? "-" : "") + std::to_string(size / 1'000'000) + "." + std::string(6 - micros.size(), '0') + micros;
}

}  // namespace vitrine
