#include "jobs/sqlite_claims.h"

#include <algorithm>
#include <set>

#include "jobs/sqlite_queries.h"

namespace vitrine {
namespace {

struct Due {
  std::int64_t urgency = 0;  // the priority turned round
  std::int64_t created_us = 0;
  std::int64_t seq = 0;
  friend auto operator<=>(const Due&, const Due&) = default;
};

// One step in the index for each.
std::set<std::string> due_kinds(SqliteConnection& connection) {
  std::set<std::string> kinds;
  for (std::string last;;) {
    SqliteQuery query = connection.query(sqlite::kNextDueKind);
    query.bind(last);
    if (!query.step()) return kinds;
    std::string next = query.text(0);
    kinds.insert(next);
    last = std::move(next);  // after it was read: `last` is bound
  }
}

void make_due(SqliteConnection& connection, Timestamp now) {
  // The question costs a fifth of the statement, and the answer is nearly always no.
  const bool any = connection.query(sqlite::kAnyToMakeDue).bind(now).step();
  if (any) connection.query(sqlite::kMakeDue).bind(now).run();
}

}  // namespace

std::vector<std::int64_t> due_jobs(SqliteConnection& connection, const std::vector<std::string>& kinds, int most,
                                   Timestamp now) {
  make_due(connection, now);
  std::vector<Due> found;
  for (const auto& kind : kinds.empty() ? due_kinds(connection) : std::set(kinds.begin(), kinds.end())) {
    SqliteQuery query = connection.query(sqlite::kDueOfKind);
    query.bind(kind).bind(now).bind(most);
    while (query.step()) found.push_back({-query.integer(0), query.integer(1), query.integer(2)});
  }
  std::sort(found.begin(), found.end());
  found.resize(std::min(found.size(), static_cast<std::size_t>(most)));
  std::vector<std::int64_t> rows;
  for (const auto& due : found) rows.push_back(due.seq);
  return rows;
}

}  // namespace vitrine
