#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// A file's content in memory without a copy of it: pages are read when they are touched. The file may be replaced or
/// removed meanwhile; whoever cuts it short ends the process.
class MappedFile {
 public:
  /// Throws Error naming `path`, as read_file() does.
  static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path, std::size_t most);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  ByteView bytes() const { return bytes_; }

 private:
  explicit MappedFile(ByteView bytes) : bytes_(bytes) {}
  ByteView bytes_;
};

}  // namespace vitrine
