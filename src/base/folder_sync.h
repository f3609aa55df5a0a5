#pragma once

#include <filesystem>

namespace vitrine {

/// Puts the entries of `folder` on disk: a rename, a new file or a removal in it is durable only after this. Does
/// nothing where folders cannot be synced.
void sync_folder(const std::filesystem::path& folder) noexcept;

}  // namespace vitrine
