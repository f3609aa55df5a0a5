#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "jobs/job_filter.h"
#include "vitrine/base/clock.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// A `limit` of 0 is none.
/// Structured queries (google.firestore.v1.StructuredQuery) of the job store. Each names the index it needs; the file
/// deploy/firestore.indexes.json lists them all, and a test compares the two.
namespace firestore_query {

/// Pending and due by now in any case: highest priority first, then oldest. `kinds` empty: any.
nlohmann::json ready(const std::string& collection, const std::vector<std::string>& kinds, int limit);

/// Pending with a time to wait for that is over.
nlohmann::json due(const std::string& collection, Timestamp now, int limit);

/// Documents with one of these statuses (empty: all), by name, from behind `after` (a document's name) on.
nlohmann::json by_status(const std::string& collection, const std::vector<std::string>& statuses,
                         const std::optional<std::string>& after, int limit);

/// The same, made at `since` or later.
nlohmann::json by_status_since(const std::string& collection, const std::vector<std::string>& statuses,
                               Timestamp since, int limit);

/// In processing with a lease that ran out, or for too long.
nlohmann::json lease_over(const std::string& collection, Timestamp now, int limit);
nlohmann::json started_before(const std::string& collection, Timestamp time, int limit);

/// A page of jobs, newest first; `after` is the position to go on from, with the document's name. `statuses` empty: any.
nlohmann::json newest(const std::string& collection, const std::vector<std::string>& statuses, const JobFilter& filter,
                      const std::optional<std::pair<Timestamp, std::string>>& after, int limit);

/// Entries by time and id, from behind `after` on.
nlohmann::json costs(const std::string& collection, const CostFilter& filter,
                     const std::optional<std::pair<Timestamp, std::string>>& after, int limit);

}  // namespace firestore_query
}  // namespace vitrine
