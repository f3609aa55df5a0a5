#include "base/folder_sync.h"

#include <fcntl.h>
#include <unistd.h>

namespace vitrine {

void sync_folder(const std::filesystem::path& folder) noexcept {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) return;
  ::fsync(number);
  ::close(number);
}

}  // namespace vitrine
