#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Everything a source gave, kept so that it can be read again: a service wants the digest before the bytes, and a
/// broken upload goes on in the middle. The first 4 MiB stay in memory; more goes to a file without a name, which
/// vanishes with us, however we end. Parts may be read from many threads at once.
class Spool {
 public:
  /// `folder` takes the file; empty: the system's folder for temporary files. Throws Error: disk_full,
  /// permission_denied, not_found, cancelled, and what `source` throws.
  Spool(ByteSource& source, const std::filesystem::path& folder, Context& context);

  std::uint64_t size() const { return size_; }
  const std::string& sha256() const { return sha256_; }
  std::uint32_t crc32c() const { return crc32c_; }

  /// `count` bytes from `offset` on, which must be there. The part outlives the spool.
  std::unique_ptr<ByteSource> part(std::uint64_t offset, std::uint64_t count) const;

  /// The digest of that part.
  std::string sha256_of(std::uint64_t offset, std::uint64_t count, Context& context) const;

 private:
  struct Store;
  class Part;
  std::shared_ptr<Store> store_;
  std::uint64_t size_ = 0;
  std::string sha256_;
  std::uint32_t crc32c_ = 0;
};

}  // namespace vitrine
