#pragma once

#include <memory>
#include <string_view>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// An RSA private key. Immutable, so safe to use from many threads at once.
class RsaKey {
 public:
  /// Reads a PEM text. Throws Error corrupt_data if it holds no RSA key; the message shows nothing of it.
  explicit RsaKey(std::string_view pem);

  /// RSASSA-PKCS1-v1_5 with SHA-256, which JWT calls RS256.
  Bytes sign(ByteView message) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

}  // namespace vitrine
