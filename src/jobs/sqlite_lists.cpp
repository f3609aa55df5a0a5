#include "jobs/sqlite_lists.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "jobs/job_filter.h"
#include "jobs/job_rules.h"
#include "jobs/sqlite_job_rows.h"
#include "jobs/sqlite_queries.h"

namespace vitrine {
namespace {

constexpr std::array kAllStates{JobState::pending, JobState::processing, JobState::completed, JobState::failed,
                                JobState::cancelled};

struct Position {
  Timestamp created_at = Timestamp::max();
  std::int64_t seq = INT64_MAX;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// The same text as cursor_of() makes, with the number of the job's row in place of its id: it sorts as the index does.
std::string cursor_of_row(const Position& position) {
  return cursor_of({position.created_at, std::to_string(position.seq)});
}

Position position_of_row(const std::string& cursor) {
  const JobPosition parts = position_of_cursor(cursor);
  Position position{parts.created_at, 0};
  const char* end = parts.id.data() + parts.id.size();
  const auto parsed = std::from_chars(parts.id.data(), end, position.seq);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    throw std::invalid_argument("The page to go on from is none that this store gave. Pass JobPage::next unchanged.");
  return position;
}

// The filter's kind, or all that there are: one step in an index each.
std::vector<std::string> kinds_of(SqliteConnection& connection, const JobFilter& filter) {
  if (!filter.kind.empty()) return {filter.kind};
  std::vector<std::string> kinds;
  for (std::string last;; last = kinds.back()) {
    SqliteQuery query = connection.query(sqlite::kNextKind);
    query.bind(last);
    if (!query.step()) return kinds;
    kinds.push_back(query.text(0));
  }
}

std::vector<JobState> states_of(const JobFilter& filter) {
  std::vector<JobState> states;
  for (const JobState state : kAllStates)
    if (filter.states.empty() || std::find(filter.states.begin(), filter.states.end(), state) != filter.states.end())
      states.push_back(state);
  return states;
}

/// Puts a page together from those of each kind, and of each state if completed jobs, of which there are many, are not
/// asked for.
class PageParts {
 public:
  PageParts(SqliteConnection& connection, const JobFilter& filter, const Position& after, std::int64_t most)
      : connection_(connection), filter_(filter), after_(after), most_(most) {
    // SQLite starts at one bound of a range only. Were it the filter's, each page would read all that come before it.
    if (after.created_at < filter_.created_until)
      filter_.created_until = after.created_at + std::chrono::microseconds(1);
  }

  std::vector<Position> newest(const JobFilter& filter) {
    const auto states = states_of(filter);
    const bool most_states = std::find(states.begin(), states.end(), JobState::completed) != states.end();
    for (const auto& kind : kinds_of(connection_, filter)) {
      if (most_states) add(sqlite::kPageOfKind, kind, {});
      for (const JobState state : most_states ? std::vector<JobState>() : states) add_state(kind, state);
    }
    std::sort(found_.begin(), found_.end(), std::greater<>());
    found_.resize(std::min(found_.size(), static_cast<std::size_t>(most_)));
    return std::move(found_);
  }

 private:
  void add_state(const std::string& kind, JobState state) {
    if (state != JobState::pending) return add(sqlite::kPageOfState, kind, name_of(state));
    add(sqlite::kPageOfDue, kind, {});
    add(sqlite::kPageOfWaiting, kind, {});
  }

  void add(const char* sql, const std::string& kind, std::string_view state) {
    SqliteQuery query = connection_.query(sql);
    filter_.bind(query);
    query.bind(kind).bind(after_.created_at).bind(after_.seq).bind(most_);
    if (!state.empty()) query.bind(state);
    while (query.step()) found_.push_back({query.time(0), query.integer(1)});
  }

  SqliteConnection& connection_;
  SqliteFilter filter_;
  Position after_;
  std::int64_t most_;
  std::vector<Position> found_;
};

std::int64_t count(SqliteConnection& connection, const char* sql, const std::string& kind,
                   std::string_view state = {}) {
  SqliteQuery query = connection.query(sql);
  query.bind(kind);
  if (!state.empty()) query.bind(state);
  return query.step() ? query.integer(0) : 0;
}

std::int64_t count_of_state(SqliteConnection& connection, const std::string& kind, JobState state) {
  if (state == JobState::pending)
    return count(connection, sqlite::kCountDue, kind) + count(connection, sqlite::kCountWaiting, kind);
  if (state != JobState::completed) return count(connection, sqlite::kCountOfState, kind, name_of(state));
  // The rest: it has no index of its own.
  std::int64_t completed = count(connection, sqlite::kCountAllOfKind, kind);
  for (const JobState other : kAllStates)
    if (other != JobState::completed) completed -= count_of_state(connection, kind, other);
  return completed;
}

std::int64_t count_one_by_one(SqliteConnection& connection, const std::string& kind, const SqliteFilter& filter) {
  SqliteQuery query = connection.query(sqlite::kCountOfKind);
  filter.bind(query);
  query.bind(kind);
  return query.step() ? query.integer(0) : 0;
}

}  // namespace

SqliteFilter::SqliteFilter(const JobFilter& filter)
    : states(","),
      created_from(filter.created_from.value_or(Timestamp::min())),
      created_until(filter.created_until.value_or(Timestamp::max())),
      finished_until(filter.finished_until) {
  for (const JobState state : states_of(filter)) states += std::string(name_of(state)) + ",";
}

void SqliteFilter::bind(SqliteQuery& query) const {
  query.bind(states).bind(created_from).bind(created_until).bind(finished_until);
}

JobPage list_jobs(SqliteConnection& connection, const JobFilter& filter, const std::optional<std::string>& after,
                  int limit) {
  const Position start = after ? position_of_row(*after) : Position();
  auto positions = PageParts(connection, filter, start, limit + 1).newest(filter);
  JobPage page;
  if (std::ssize(positions) > limit) {
    positions.pop_back();
    page.next = cursor_of_row(positions.back());
  }
  for (const auto& position : positions) page.jobs.push_back(job_row_at(connection, position.seq).stored.job);
  return page;
}

std::int64_t count_jobs(SqliteConnection& connection, const JobFilter& filter) {
  const bool by_time = filter.created_from || filter.created_until || filter.finished_until;
  std::int64_t all = 0;
  for (const auto& kind : kinds_of(connection, filter)) {
    if (by_time) all += count_one_by_one(connection, kind, SqliteFilter(filter));
    for (const JobState state : by_time ? std::vector<JobState>() : states_of(filter))
      all += count_of_state(connection, kind, state);
  }
  return all;
}

}  // namespace vitrine
