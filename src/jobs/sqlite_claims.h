#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jobs/sqlite_connection.h"

namespace vitrine {

/// Rows of at most `most` pending jobs that are due, of `kinds` (empty: any): highest priority first, then oldest. In a
/// write transaction of the caller's.
std::vector<std::int64_t> due_jobs(SqliteConnection& connection, const std::vector<std::string>& kinds, int most,
                                   Timestamp now);

}  // namespace vitrine
