#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {

/// The Error for the result code of a call on `db` (nullptr: out of memory when it was opened) that failed, with errno
/// as it was left behind: a commit that fails does not keep it elsewhere. Throws std::bad_alloc instead if memory ran
/// out.
Error sqlite_error(int result, int system_error, sqlite3* db, const std::filesystem::path& path);

/// True for the versions (as sqlite3_libversion_number() gives them) that have the WAL-reset defect.
bool has_wal_reset_defect(int version) noexcept;

}  // namespace vitrine
