#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "vitrine/storage/object_store.h"

namespace vitrine {

/// The small file that says what an object is. It names the file with the bytes, so that the two cannot disagree.
struct FileReference {
  ObjectInfo info;
  std::string bytes_name;  ///< In the same folder.
};

inline constexpr std::string_view kReferenceName = "reference.json";

/// The reference in an object's folder; empty if there is none. Throws Error `corrupt_data` unless it is a sound one,
/// for the key that the folder belongs to when `key` is given.
std::optional<FileReference> read_reference(const std::filesystem::path& folder, std::optional<std::string_view> key);

/// Makes `reference` the one that holds, durably. False, and nothing changed, if `mode` is create_only and there is
/// one.
bool write_reference(const std::filesystem::path& folder, const FileReference& reference, PutMode mode);

}  // namespace vitrine
