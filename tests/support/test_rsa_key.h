#pragma once

#include <memory>
#include <string>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// A fresh RSA key, and the check of what it signs by the other half.
class TestRsaKey {
 public:
  TestRsaKey();
  std::string pem() const;
  bool verifies(ByteView message, ByteView signature) const;  ///< RSASSA-PKCS1-v1_5 with SHA-256.

 private:
  std::shared_ptr<void> key_;
};

}  // namespace vitrine
