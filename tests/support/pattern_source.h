#pragma once

#include <algorithm>
#include <cstdint>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/sha256.h"

namespace vitrine {

/// `size` bytes that are never in memory together, in pieces of odd lengths.
class PatternSource final : public ByteSource {
 public:
  explicit PatternSource(std::uint64_t size) : left_(size) {}
  std::size_t read(std::span<std::uint8_t> buffer) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>({left_, buffer.size(), 99'991}));
    for (std::size_t i = 0; i < count; ++i) buffer[i] = static_cast<std::uint8_t>((left_ - i) * 31);
    left_ -= count;
    return count;
  }

 private:
  std::uint64_t left_;
};

/// Keeps the digest and the longest piece of what it gets.
class DigestSink final : public ByteSink {
 public:
  void write(ByteView bytes) override {
    digest_.update(bytes);
    largest_ = std::max(largest_, bytes.size());
  }
  std::string digest() { return digest_.hex_digest(); }  ///< Call it once, last.
  std::size_t largest() const { return largest_; }

 private:
  Sha256 digest_;
  std::size_t largest_ = 0;
};

}  // namespace vitrine
