#include "storage/random_uuid.h"

#include "base/random_hex.h"

namespace vitrine {

std::string random_uuid() {
  const std::string digits = random_hex(16);
  const char variant = "89ab"[static_cast<unsigned char>(digits[16]) % 4];
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-4" + digits.substr(13, 3) + "-" + variant +
         digits.substr(17, 3) + "-" + digits.substr(20);
}

}  // namespace vitrine
