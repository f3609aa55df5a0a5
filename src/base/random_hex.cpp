#include "base/random_hex.h"

#include <openssl/rand.h>

#include <vector>

#include "vitrine/base/error.h"

namespace vitrine {

std::string random_hex(std::size_t bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::vector<unsigned char> raw(bytes);
  if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1)
    throw Error(ErrorCode::unavailable, "The machine's random generator does not answer. Try again.");
  std::string text;
  text.reserve(2 * bytes);
  for (const unsigned char byte : raw) {
    text += kDigits[byte >> 4u];
    text += kDigits[byte & 15u];
  }
  return text;
}

}  // namespace vitrine
