#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// Where bytes come from, a piece at a time, so that a large object is never in memory whole. Not thread-safe.
class VITRINE_EXPORT ByteSource {
 public:
  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Fills `buffer` from its start and returns how many bytes it wrote; 0 means the end. Throws Error on trouble.
  virtual std::size_t read(std::span<std::uint8_t> buffer) = 0;
};

/// Where bytes go. Not thread-safe.
class VITRINE_EXPORT ByteSink {
 public:
  ByteSink() = default;
  virtual ~ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;

  /// Takes all of `bytes` or throws Error.
  virtual void write(ByteView bytes) = 0;
};

/// Reads `bytes`, which it borrows: they must outlive it.
VITRINE_EXPORT std::unique_ptr<ByteSource> make_memory_source(ByteView bytes);

/// Appends to `bytes`, which it borrows: they must outlive it. Throws Error `image_too_large` past `most` bytes.
VITRINE_EXPORT std::unique_ptr<ByteSink> make_memory_sink(Bytes& bytes, std::size_t most = SIZE_MAX);

/// Reads a file. Throws Error: not_found, permission_denied, invalid_image if it is a folder.
VITRINE_EXPORT std::unique_ptr<ByteSource> open_file_source(const std::filesystem::path& path);

}  // namespace vitrine
