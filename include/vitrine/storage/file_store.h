#pragma once

#include <filesystem>
#include <memory>

#include "vitrine/base/export.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// Keeps each object in a plain file below `folder`, spread over sub-folders by a hash of its key, with its reference
/// beside it. Atomic and durable; several processes may share a folder on one machine; no key leads out of it, not even
/// through a symbolic link. list() reads the names of all objects for every page: about three milliseconds per
/// thousand. url() gives a file:// address, for readers who may read `folder`; it lasts until the object is replaced or
/// removed. Makes the folder, for its owner alone, if its parent exists. Throws Error: permission_denied, not_found.
VITRINE_EXPORT std::unique_ptr<ObjectStore> open_file_object_store(const std::filesystem::path& folder);

}  // namespace vitrine
