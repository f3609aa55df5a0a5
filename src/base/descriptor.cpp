#include "base/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "base/file_error.h"
#include "vitrine/base/error.h"

namespace vitrine {

int Descriptor::close() { return number_ < 0 ? 0 : ::close(std::exchange(number_, -1)); }

Descriptor open_to_read(const std::filesystem::path& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (number < 0) throw_file_error("read", path);
  return Descriptor(number);
}

std::size_t size_within(const Descriptor& file, const std::filesystem::path& path, std::size_t most) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_file_error("read", path);
  if (S_ISDIR(status.st_mode)) throw_is_folder(path);
  if (!S_ISREG(status.st_mode))
    throw Error(ErrorCode::invalid_image, "'" + path.string() + "' is not a regular file. Save its content to one.");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > most)
    throw Error(ErrorCode::image_too_large, "'" + path.string() + "' has " + std::to_string(size) +
                                                " bytes; the limit is " + std::to_string(most) +
                                                ". Use a smaller file or raise the limit.");
  return size;
}

}  // namespace vitrine
