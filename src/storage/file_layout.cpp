#include "storage/file_layout.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/file_error.h"
#include "base/folder_sync.h"
#include "vitrine/base/error.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::size_t kShardDigits = 2;
constexpr std::size_t kNameDigits = 32;
constexpr std::size_t kLongestBegin = 200;  // with the digits below the 255 bytes that file systems allow

std::string digest_of(std::string_view key) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
}

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

// The type bits of what is there, without following a link; 0 if there is nothing.
mode_t type_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) return status.st_mode & S_IFMT;
  if (errno == ENOENT) return 0;
  throw_file_error("read", path);
}

Error misplaced(const std::filesystem::path& path, mode_t type, std::string_view wanted) {
  const bool link = type == S_IFLNK;
  return {ErrorCode::corrupt_data, "'" + path.string() + "' is " + (link ? "a symbolic link" : "something else") +
                                       " where the store keeps a " + std::string(wanted) +
                                       ". It follows none, as they may lead out of it. Remove what is there."};
}

bool is_real(const std::filesystem::path& path, mode_t wanted, std::string_view name) {
  const mode_t type = type_of(path);
  if (type != 0 && type != wanted) throw misplaced(path, type, name);
  return type != 0;
}

}  // namespace

std::filesystem::path FileLayout::shard_of(std::string_view key) const {
  return objects() / digest_of(key).substr(0, kShardDigits);
}

std::filesystem::path FileLayout::folder_of(std::string_view key) const {
  const std::string digest = digest_of(key);
  std::string name(key.substr(0, kLongestBegin));
  std::replace(name.begin(), name.end(), '/', ',');
  name += key.size() > kLongestBegin ? "~~" : "~";
  return objects() / digest.substr(0, kShardDigits) / (name + digest.substr(kShardDigits, kNameDigits));
}

std::optional<NamedKey> key_in(std::string_view folder_name) {
  const auto mark = folder_name.find('~');
  if (mark == std::string_view::npos) return std::nullopt;
  const bool whole = folder_name.substr(mark).substr(0, 2) != "~~";
  const auto digits = folder_name.substr(mark + (whole ? 1 : 2));
  if (digits.size() != kNameDigits || !is_hex(digits)) return std::nullopt;
  NamedKey key{std::string(folder_name.substr(0, mark)), whole};
  std::replace(key.begin.begin(), key.begin.end(), ',', '/');
  return key;
}

bool is_real_folder(const std::filesystem::path& path) { return is_real(path, S_IFDIR, "folder"); }

bool is_real_object_folder(const std::filesystem::path& path) {
  const auto shard = path.parent_path();
  return is_real_folder(shard.parent_path()) && is_real_folder(shard) && is_real_folder(path);
}

bool is_real_file(const std::filesystem::path& path) { return is_real(path, S_IFREG, "file"); }

void require_real_folder(const std::filesystem::path& path) {
  if (!is_real_folder(path))
    throw Error(ErrorCode::not_found,
                "The folder '" + path.string() + "' is gone from under the store. Open the store again.");
}

std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code error;
  std::filesystem::directory_iterator each(folder, error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error))
    entries.push_back(each->path());
  if (!error || error == std::errc::no_such_file_or_directory) return entries;
  errno = error.value();
  throw_file_error("read", folder);
}

void make_real_folder(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return sync_folder(path.parent_path());
  if (errno != EEXIST) throw_file_error("write", path);
  require_real_folder(path);
}

}  // namespace vitrine
