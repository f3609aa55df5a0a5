#pragma once

#include <filesystem>
#include <optional>

#include "vitrine/base/context.h"

namespace vitrine {

/// A lock on a folder that holds between threads and between processes of one machine; the system drops it when its
/// holder dies. Held until it is destroyed.
class FolderLock {
 public:
  enum class Mode { shared, exclusive };

  /// Waits until it has the lock. Throws Error: not_found, corrupt_data (the folder is a symbolic link), unavailable
  /// (the file system has no locks), cancelled, deadline_exceeded.
  FolderLock(const std::filesystem::path& folder, Mode mode, Context& context);

  /// The lock, unless somebody else has it.
  static std::optional<FolderLock> try_exclusive(const std::filesystem::path& folder);

  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int number) : number_(number) {}
  int number_;
};

}  // namespace vitrine
