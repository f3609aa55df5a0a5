#pragma once

#include <filesystem>
#include <optional>

#include "vitrine/image/codec.h"

namespace vitrine {

/// The format that the name of a file to be written promises; empty if it promises none. Throws std::invalid_argument for
/// one that we do not write: JPEG bytes under "x.gif" would help nobody.
std::optional<FileFormat> promised_format(const std::filesystem::path& path);

}  // namespace vitrine
