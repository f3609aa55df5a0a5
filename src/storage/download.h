#pragma once

#include <cstdint>
#include <string>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/sha256.h"

namespace vitrine {

/// Counts and digests what goes through to `sink`, which it borrows; stops what would be more than `most` bytes.
class CheckedSink final : public ByteSink {
 public:
  CheckedSink(std::string key, ByteSink& sink, std::uint64_t most) : key_(std::move(key)), sink_(sink), most_(most) {}
  void write(ByteView bytes) override;

  std::uint64_t size() const { return size_; }
  std::uint32_t crc32c() const { return crc32c_; }
  std::string sha256() { return digest_.hex_digest(); }  ///< Call it once, last.

 private:
  const std::string key_;
  ByteSink& sink_;
  const std::uint64_t most_;
  std::uint64_t size_ = 0;
  std::uint32_t crc32c_ = 0;
  Sha256 digest_;
};

bool is_sha256(std::string_view text);  ///< 64 lower-case hex digits.

}  // namespace vitrine
