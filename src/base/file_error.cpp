#include "base/file_error.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "vitrine/base/error.h"

namespace vitrine {

void throw_is_folder(const std::filesystem::path& path) {
  throw Error(ErrorCode::invalid_image, "'" + path.string() + "' is a folder. Name a file in it.");
}

void throw_file_error(std::string_view verb, const std::filesystem::path& path) {
  const int number = errno;
  const std::string name = "'" + path.string() + "'";
  const std::string attempt = "Could not " + std::string(verb) + " " + name + ": ";
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      throw Error(ErrorCode::not_found, verb == "write" ? attempt + "its folder does not exist. Create it first."
                                                        : attempt + "there is no such file. Check the path.");
    case EISDIR: throw_is_folder(path);
    case EACCES:
    case EPERM:
    case EROFS:
      throw Error(ErrorCode::permission_denied,
                  attempt + "permission denied. Change its owner or mode, or use another place.");
    case ENOSPC:
    case EDQUOT:
      throw Error(ErrorCode::disk_full, attempt + "the disk is full. Free some space; nothing was left half written.");
    case EFBIG:
      throw Error(ErrorCode::disk_full, attempt + "the file would be larger than the system allows here. Raise the "
                                                  "limit (ulimit -f) or use another disk; nothing was left half written.");
    case ENAMETOOLONG: throw Error(ErrorCode::invalid_image, attempt + "the name is too long. Shorten it.");
    default:
      throw Error(ErrorCode::unavailable, attempt + std::generic_category().message(number) +
                                              ". Check the disk and try again.");
  }
}

}  // namespace vitrine
