#include "generate/random.h"

namespace vitrine {

std::uint64_t scramble(std::uint64_t bits) noexcept {
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31U);
}

std::uint64_t Random::bits() {
  state_ += 0x9E3779B97F4A7C15U;
  return scramble(state_);
}

double Random::uniform() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

double Random::between(double least, double most) { return least + (most - least) * uniform(); }

int Random::index(int count) { return static_cast<int>(uniform() * count); }

bool Random::chance(double probability) { return uniform() < probability; }

}  // namespace vitrine
