#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// What a commit waits for.
enum class SqliteSync {
  normal,  ///< Nothing. Survives the death of the process; a power cut may take back the last commits, never half of
           ///< one.
  full,    ///< The disk. Survives a power cut too; about eight times slower.
};

struct SqliteOptions {
  std::filesystem::path path;  ///< Made, for its owner alone, if it is missing; its folder must exist.
  SqliteSync synchronous = SqliteSync::normal;

  /// How long a write waits for those of other processes before it throws `unavailable`; 1 ms to 10 min.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(30);
};

/// Keeps jobs in one SQLite file. Several processes of one machine may share it; not over a network file system, since
/// its write-ahead log needs shared memory. Reads never wait for writes; a write waits for its turn, and stops waiting
/// within milliseconds when its context ends. An older file is brought up to date when it is opened.
///
/// Do not open the file in a process that has it open already through another copy of SQLite, such as Python's sqlite3
/// module: closing either drops the locks of both, and the file may be damaged. Do not use a store in a forked child:
/// open it there again.
///
/// Throws Error: not_found (no such folder), permission_denied, disk_full, unavailable, conflict (the file is another
/// program's, or of a newer version), corrupt_data; std::invalid_argument for options out of range. Its verbs throw
/// disk_full and permission_denied too.
VITRINE_EXPORT std::unique_ptr<JobStore> open_sqlite_job_store(const SqliteOptions& options,
                                                               std::shared_ptr<Clock> clock = make_system_clock());

/// What to know if the SQLite that is loaded has the WAL-reset defect (versions 3.7.0 to 3.51.2 but for 3.44.6 and
/// 3.50.7), by which two connections that write and checkpoint at the same moment can damage a file, very rarely. The
/// store never does both at once, so it is safe among its own; other programs that write to the file are not.
VITRINE_EXPORT std::optional<std::string> sqlite_wal_reset_defect();

}  // namespace vitrine
