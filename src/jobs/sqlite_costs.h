#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/sqlite_connection.h"
#include "vitrine/jobs/cost.h"

namespace vitrine {

/// The ledger, in a transaction of the caller's.
void record_cost(SqliteConnection& connection, const CostEntry& entry);
std::vector<CostEntry> list_costs(SqliteConnection& connection, const CostFilter& filter,
                                  const std::optional<std::string>& after, int limit);
std::vector<CostSum> sum_costs(SqliteConnection& connection, const CostFilter& filter, CostGrouping grouping);

}  // namespace vitrine
