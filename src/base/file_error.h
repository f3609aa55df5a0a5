#pragma once

#include <filesystem>
#include <string_view>

namespace vitrine {

/// Throws the Error for the current errno after a failed attempt to `verb` (read, write) the file at `path`.
[[noreturn]] void throw_file_error(std::string_view verb, const std::filesystem::path& path);

/// Throws Error `invalid_image` because `path` is a folder where a file is wanted.
[[noreturn]] void throw_is_folder(const std::filesystem::path& path);

}  // namespace vitrine
