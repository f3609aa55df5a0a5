#pragma once

#include <cstdint>
#include <memory>

#include "vitrine/base/byte_stream.h"

namespace vitrine {

/// Compresses to gzip (RFC 1952). The same bytes in give the same bytes out: no time and no name is in it.
class GzipSink final : public ByteSink {
 public:
  explicit GzipSink(ByteSink& sink);  ///< `sink` must outlive it.
  GzipSink(ByteSink&&) = delete;
  ~GzipSink() override;
  void write(ByteView bytes) override;

  /// Writes what is left. Call it once, last.
  void finish();

 private:
  struct State;
  void deflate(ByteView bytes, int flush);

  ByteSink& sink_;
  std::unique_ptr<State> state_;
};

/// Reads gzip back. Throws Error `corrupt_data` for what is none, is cut off, has a wrong checksum or something behind
/// it, or would grow past `most` bytes.
class GzipSource final : public ByteSource {
 public:
  GzipSource(ByteSource& source, std::uint64_t most);  ///< `source` must outlive it.
  GzipSource(ByteSource&&, std::uint64_t) = delete;
  ~GzipSource() override;
  std::size_t read(std::span<std::uint8_t> buffer) override;

 private:
  struct State;
  bool refill();

  ByteSource& source_;
  std::uint64_t left_;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine
