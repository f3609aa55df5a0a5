#include "jobs/sqlite_error.h"

#include <cerrno>
#include <new>
#include <optional>

#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {
namespace {

constexpr int kPrimary = 0xff;

bool is_no_room(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

Error disk_full(const std::string& name) {
  return {ErrorCode::disk_full, name +
                                    ": there is no room for more, on the disk or under the limit for files. Free some "
                                    "space; nothing was half written."};
}

Error not_allowed(const std::string& name) {
  return {ErrorCode::permission_denied, name +
                                            ": we may not write there. The file and its folder must be writable, "
                                            "since SQLite keeps its log beside the file. Change their owner or mode."};
}

Error damaged(const std::string& name, const std::string& reason) {
  return {ErrorCode::corrupt_data,
          name + " is damaged or no SQLite file (" + reason +
              "). Keep a copy, and restore it from an export or with `sqlite3 FILE .recover`."};
}

Error cannot_open(const std::string& name, int error) {
  if (error == EACCES || error == EPERM || error == EROFS) return not_allowed(name);
  if (is_no_room(error)) return disk_full(name);
  return {ErrorCode::not_found, name + " cannot be opened. Its folder must exist; check the path."};
}

}  // namespace

Error sqlite_error(int result, int system_error, sqlite3* db, const std::filesystem::path& path) {
  if ((result & kPrimary) == SQLITE_NOMEM) throw std::bad_alloc();
  const std::string name = "The job file '" + path.string() + "'";
  const std::string reason = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(result);
  switch (result & kPrimary) {
    case SQLITE_FULL:
      return disk_full(name);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return not_allowed(name);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return damaged(name, reason);
    case SQLITE_CANTOPEN:
      return cannot_open(name, system_error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable, name +
                                          " was kept busy by other processes for longer than "
                                          "SqliteOptions::busy_timeout. Try again, or use fewer processes."};
    case SQLITE_IOERR:
      if (is_no_room(system_error)) return disk_full(name);
      [[fallthrough]];
    default:
      return {ErrorCode::unavailable, name + " could not be used (" + reason + "). Check the disk and try again."};
  }
}

bool has_wal_reset_defect(int version) noexcept {
  constexpr int kFirst = 3'007'000;
  constexpr int kMended = 3'051'003;
  if (version < kFirst || version >= kMended) return false;
  const bool mended_later =
      (version >= 3'044'006 && version < 3'045'000) || (version >= 3'050'007 && version < 3'051'000);
  return !mended_later;
}

std::optional<std::string> sqlite_wal_reset_defect() {
  if (!has_wal_reset_defect(sqlite3_libversion_number())) return std::nullopt;
  return "SQLite " + std::string(sqlite3_libversion()) +
         " has the WAL-reset defect: other programs that write to the job file at the same time could damage it. Let "
         "only vitrine write to it, or use SQLite 3.51.3 or later (or 3.50.7, 3.44.6).";
}

}  // namespace vitrine
