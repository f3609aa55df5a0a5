#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "jobs/sqlite_connection.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Pages and counts of jobs, in a transaction of the caller's.
JobPage list_jobs(SqliteConnection& connection, const JobFilter& filter, const std::optional<std::string>& after,
                  int limit);
std::int64_t count_jobs(SqliteConnection& connection, const JobFilter& filter);

/// A filter as the queries take it: VITRINE_SQLITE_FILTER. Must outlive the query.
struct SqliteFilter {
  explicit SqliteFilter(const JobFilter& filter);
  void bind(SqliteQuery& query) const;

  std::string states;  ///< ",pending,failed,": all five if the filter names none.
  Timestamp created_from;
  Timestamp created_until;
  std::optional<Timestamp> finished_until;
};

}  // namespace vitrine
