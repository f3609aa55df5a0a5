#include "storage/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file_error.h"
#include "storage/file_layout.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

int open_folder(const std::filesystem::path& folder) {
  require_real_folder(folder);
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (number < 0) throw_file_error("read", folder);
  return number;
}

// False if somebody else has the lock.
bool try_lock(int number, FolderLock::Mode mode, const std::filesystem::path& folder) {
  const int operation = (mode == FolderLock::Mode::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(number, operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw_file_error("lock", folder);
  }
  return true;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, Mode mode, Context& context)
    : FolderLock(open_folder(folder)) {
  // Asked again and again instead of waited for in the kernel, where no cancel would reach us.
  for (milliseconds nap(1); !try_lock(number_, mode, folder); nap = std::min(2 * nap, milliseconds(8)))
    context.wait_for(nap);
}

std::optional<FolderLock> FolderLock::try_exclusive(const std::filesystem::path& folder) {
  FolderLock lock(open_folder(folder));
  if (!try_lock(lock.number_, Mode::exclusive, folder)) return std::nullopt;
  return lock;
}

FolderLock::~FolderLock() {
  if (number_ >= 0) ::close(number_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

}  // namespace vitrine
