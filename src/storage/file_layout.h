#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitrine {

/// Where the file store keeps things below its folder:
///
///   incoming/<random>                        bytes that are still arriving
///   objects/<2 hex>/<name>/reference.json    what the object is; names the file with its bytes
///   objects/<2 hex>/<name>/<random>.png      its bytes, a plain file
///
/// <2 hex> begins the SHA-256 of the key. <name> is the key with ',' for '/', so that people find it and list() need
/// not open it, then '~' and more of the digest. Of a long key it has only the beginning, then "~~" and the digest.
class FileLayout {
 public:
  explicit FileLayout(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path incoming() const { return folder_ / "incoming"; }
  std::filesystem::path objects() const { return folder_ / "objects"; }
  std::filesystem::path shard_of(std::string_view key) const;
  std::filesystem::path folder_of(std::string_view key) const;

 private:
  std::filesystem::path folder_;
};

/// What the name of an object's folder tells about its key.
struct NamedKey {
  std::string begin;  ///< The key, or its beginning.
  bool whole = false;
};
std::optional<NamedKey> key_in(std::string_view folder_name);

/// True if `path` is a folder; false if it does not exist. Throws Error `corrupt_data` if it is a symbolic link, which
/// could lead out of the store, or no folder.
bool is_real_folder(const std::filesystem::path& path);

/// The same for an object's folder, with the two folders above it.
bool is_real_object_folder(const std::filesystem::path& path);

/// Throws Error `not_found` too.
void require_real_folder(const std::filesystem::path& path);

/// The same for a plain file.
bool is_real_file(const std::filesystem::path& path);

/// The paths of what is in `folder`; none if it does not exist. Throws Error: permission_denied, unavailable.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

/// Makes the folder durably unless it is there. Its parent must exist.
void make_real_folder(const std::filesystem::path& path);

}  // namespace vitrine
