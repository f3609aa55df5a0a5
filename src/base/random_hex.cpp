#include "base/random_hex.h"

#include <openssl/rand.h>

#include "base/hex.h"
#include "vitrine/base/bytes.h"
#include "vitrine/base/error.h"

namespace vitrine {

std::string random_hex(std::size_t bytes) {
  Bytes raw(bytes);
  if (RAND_bytes(raw.data(), static_cast<int>(bytes)) != 1)
    throw Error(ErrorCode::unavailable, "The machine's random generator does not answer. Try again.");
  return hex_text(raw);
}

}  // namespace vitrine
