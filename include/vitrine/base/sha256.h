#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// SHA-256 (FIPS 180-4) of a stream of bytes. Not thread-safe; one per stream.
class VITRINE_EXPORT Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(ByteView bytes);

  /// The digest of all that was given, as 64 lower-case hex digits. Call it once, last.
  std::string hex_digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The digest of `bytes` in one go.
VITRINE_EXPORT std::string sha256_hex(ByteView bytes);

}  // namespace vitrine
