#pragma once

#include <cstddef>
#include <string>

namespace vitrine {

/// `bytes` random bytes as lower-case hex digits, from a generator that nobody can predict: fit for tokens. Throws
/// Error `unavailable` if the machine has no randomness to give.
std::string random_hex(std::size_t bytes);

}  // namespace vitrine
