#include "jobs/sqlite_costs.h"

#include <algorithm>

#include "jobs/cost_sums.h"
#include "jobs/sqlite_job_rows.h"
#include "jobs/sqlite_queries.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

std::optional<CostEntry> find_cost(SqliteConnection& connection, const std::string& id) {
  SqliteQuery query = connection.query(sqlite::kCostOfId);
  query.bind(id);
  if (!query.step()) return std::nullopt;
  return cost_row(query);
}

const char* sum_query(CostGrouping grouping, const CostFilter& filter) {
  const bool of_job = !filter.job_id.empty();
  switch (grouping) {
    case CostGrouping::day:
      return of_job ? sqlite::kSumByDayOfJob : sqlite::kSumByDay;
    case CostGrouping::model:
      return of_job ? sqlite::kSumByModelOfJob : sqlite::kSumByModel;
    case CostGrouping::job:
      return of_job ? sqlite::kSumByJobOfJob : sqlite::kSumByJob;
    case CostGrouping::none:
      break;
  }
  return of_job ? sqlite::kSumAllOfJob : sqlite::kSumAll;
}

void bind_times(SqliteQuery& query, const CostFilter& filter) {
  query.bind(filter.from.value_or(Timestamp::min())).bind(filter.until.value_or(Timestamp::max()));
}

// SQLite refuses a sum that does not fit, as an error without a code of its own.
bool step(SqliteQuery& sums, SqliteConnection& connection) {
  try {
    return sums.step();
  } catch (const Error&) {
    if (sqlite3_errcode(connection.handle()) == SQLITE_ERROR) throw costs_too_large();
    throw;
  }
}

}  // namespace

void record_cost(SqliteConnection& connection, const CostEntry& entry) {
  const auto stored = find_cost(connection, entry.id);
  if (!stored) {
    SqliteQuery query = connection.query(sqlite::kAddCost);
    bind_cost(query, entry);
    query.run();
    return;
  }
  const CostEntry next = settled_by(*stored, entry);
  connection.query(sqlite::kSettleCost).bind(next.id).bind(next.amount.value).bind(next.settled ? 1 : 0).run();
}

std::vector<CostEntry> list_costs(SqliteConnection& connection, const CostFilter& filter,
                                  const std::optional<std::string>& after, int limit) {
  std::optional<CostEntry> last;
  if (after) {
    last = find_cost(connection, *after);
    if (!last) throw no_such_cost();
  }
  const CostEntry start = last.value_or(CostEntry{{}, {}, {}, {}, {}, {}, false, Timestamp::min()});
  SqliteQuery query = connection.query(filter.job_id.empty() ? sqlite::kCostsByTime : sqlite::kCostsOfJob);
  // SQLite starts at one bound of a range only. Were it the filter's, each page would read all that come before it.
  query.bind(std::max(filter.from.value_or(Timestamp::min()), start.at)).bind(filter.until.value_or(Timestamp::max()));
  query.bind(start.at).bind(start.id).bind(limit);
  if (!filter.job_id.empty()) query.bind(filter.job_id);
  std::vector<CostEntry> page;
  while (query.step()) page.push_back(cost_row(query));
  return page;
}

std::vector<CostSum> sum_costs(SqliteConnection& connection, const CostFilter& filter, CostGrouping grouping) {
  SqliteQuery query = connection.query(sum_query(grouping, filter));
  bind_times(query, filter);
  if (!filter.job_id.empty()) query.bind(filter.job_id);
  std::vector<CostSum> sums;
  while (step(query, connection)) {
    const std::string group =
        grouping == CostGrouping::day ? day_of(Timestamp(std::chrono::days(query.integer(0)))) : query.text(0);
    sums.push_back({group, {query.integer(1)}, {query.integer(2)}, query.integer(3)});
  }
  return sums;
}

}  // namespace vitrine
