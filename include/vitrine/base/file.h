#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// A whole file in memory. Throws Error naming `path`: not_found, permission_denied, image_too_large (longer than
/// `most` bytes, found out before memory is taken), invalid_image (a folder or a device), unavailable (reading failed).
VITRINE_EXPORT Bytes read_file(const std::filesystem::path& path, std::size_t most);

/// Writes `bytes` to `path` so that a reader sees the old file or the new one whole, whatever happens in between:
/// temporary file in the same folder, fsync, rename, fsync of the folder. Keeps the mode of a file that it replaces.
/// Throws Error naming `path`: disk_full, permission_denied, not_found (no such folder), unavailable; no temporary
/// file stays behind.
VITRINE_EXPORT void write_file_atomically(const std::filesystem::path& path, ByteView bytes);

/// The same in pieces. Nothing appears at `path` before commit(); a sink that is dropped without it leaves nothing.
class VITRINE_EXPORT AtomicFile : public ByteSink {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile() override;
  void write(ByteView bytes) override;

  /// Makes the file appear, replacing what is there.
  void commit();

  /// Makes the file appear unless one is there already; false, and nothing changed, if so.
  bool commit_if_absent();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine
