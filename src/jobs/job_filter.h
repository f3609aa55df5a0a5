#pragma once

#include <string>

#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

bool matches(const JobFilter& filter, const Job& job);
bool matches(const CostFilter& filter, const CostEntry& entry);

/// True for a filter that lets every job through.
bool is_empty(const JobFilter& filter);

/// Where a job stands in a list: sorted by the time it was made, then by id.
struct JobPosition {
  Timestamp created_at;
  std::string id;
  friend auto operator<=>(const JobPosition&, const JobPosition&) = default;
};
JobPosition position_of(const Job& job);

/// A position as JobPage::next carries it, and back. Throws std::invalid_argument for a text that is none.
std::string cursor_of(const JobPosition& position);
JobPosition position_of_cursor(const std::string& cursor);

}  // namespace vitrine
