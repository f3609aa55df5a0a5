#include "jobs/job_filter.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "jobs/job_rules.h"

namespace vitrine {

bool matches(const JobFilter& filter, const Job& job) {
  const auto& states = filter.states;
  return (states.empty() || std::find(states.begin(), states.end(), job.state) != states.end()) &&
         (filter.kind.empty() || filter.kind == job.kind) &&
         (!filter.created_from || job.created_at >= *filter.created_from) &&
         (!filter.created_until || job.created_at < *filter.created_until) &&
         (!filter.finished_until || (job.finished_at && *job.finished_at < *filter.finished_until));
}

bool matches(const CostFilter& filter, const CostEntry& entry) {
  return (filter.job_id.empty() || filter.job_id == entry.job_id) && (!filter.from || entry.at >= *filter.from) &&
         (!filter.until || entry.at < *filter.until);
}

bool is_empty(const JobFilter& filter) {
  return filter.states.empty() && filter.kind.empty() && !filter.created_from && !filter.created_until &&
         !filter.finished_until;
}

JobPosition position_of(const Job& job) { return {job.created_at, job.id}; }

std::string cursor_of(const JobPosition& position) {
  return std::to_string(position.created_at.time_since_epoch().count()) + ":" + position.id;
}

JobPosition position_of_cursor(const std::string& cursor) {
  const auto colon = cursor.find(':');
  std::int64_t microseconds = 0;
  const char* end = cursor.data() + std::min(colon, cursor.size());
  const auto parsed = std::from_chars(cursor.data(), end, microseconds);
  if (colon == std::string::npos || parsed.ec != std::errc() || parsed.ptr != end ||
      !is_job_id(cursor.substr(colon + 1)))
    throw std::invalid_argument("The page to go on from is none that this store gave. Pass JobPage::next unchanged.");
  return {Timestamp(std::chrono::microseconds(microseconds)), cursor.substr(colon + 1)};
}

}  // namespace vitrine
