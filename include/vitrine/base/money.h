#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "vitrine/base/export.h"

namespace vitrine {

/// An amount in millionths of a US dollar: sums of it are exact, and it does not add to a plain number by accident.
struct MicroUsd {
  std::int64_t value = 0;

  friend constexpr auto operator<=>(MicroUsd, MicroUsd) = default;
  friend constexpr MicroUsd operator+(MicroUsd a, MicroUsd b) { return {a.value + b.value}; }
  friend constexpr MicroUsd operator-(MicroUsd a, MicroUsd b) { return {a.value - b.value}; }
  constexpr MicroUsd& operator+=(MicroUsd other) { return value += other.value, *this; }
};

/// "12.345678" for 12345678 micro-dollars; always six decimals, so that it sorts and parses without surprise.
VITRINE_EXPORT std::string to_string(MicroUsd amount);

}  // namespace vitrine
