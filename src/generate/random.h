#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine {

/// Scrambles all 64 bits (the finaliser of SplitMix64, Steele et al., OOPSLA 2014).
std::uint64_t scramble(std::uint64_t bits) noexcept;

/// Chance from a seed, with the same sequence on every machine: the standard library leaves that open for its
/// distributions. Never draw twice among the arguments of one call or the operands of one operator, whose order is open
/// too; a list in braces is worked out from left to right.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(scramble(seed + 0x9E3779B97F4A7C15U)) {}

  std::uint64_t bits();
  double uniform();                           ///< In [0, 1).
  double between(double least, double most);  ///< In [least, most).
  int index(int count);                       ///< In [0, count); `count` is positive.
  bool chance(double probability);
  double sign() { return chance(0.5) ? 1 : -1; }
  std::uint32_t salt() { return static_cast<std::uint32_t>(bits() >> 32U); }

  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(index(static_cast<int>(list.size())))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace vitrine
