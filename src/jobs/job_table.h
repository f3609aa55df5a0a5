#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "jobs/job_filter.h"
#include "jobs/job_transitions.h"
#include "vitrine/jobs/cost.h"

namespace vitrine {

/// Jobs in memory with the orders in which they are asked for. Not thread-safe.
class JobTable {
 public:
  /// Adds the job or replaces the one with its id.
  void put(StoredJob stored);
  void erase(const std::string& id);

  /// Valid until the table changes; nullptr if there is none.
  const StoredJob* find(std::string_view id) const;
  const StoredJob* find_by_client_key(const std::string& key) const;  ///< nullptr for an empty key.

  /// Ids of at most `most` pending jobs that are due, of `kinds` (empty: any): highest priority first, then oldest.
  std::vector<std::string> due(Timestamp now, const std::vector<std::string>& kinds, std::size_t most) const;

  /// Ids of the jobs in processing.
  std::vector<std::string> processing() const { return {processing_.begin(), processing_.end()}; }

  /// Shows jobs from behind `after` on until `visit` returns false.
  void visit_newest_first(const std::optional<JobPosition>& after, const std::function<bool(const Job&)>& visit) const;

 private:
  struct PendingOrder {
    std::int64_t urgency = 0;  // the priority turned round, in more bits: the lowest int has no opposite
    JobPosition position;
    friend auto operator<=>(const PendingOrder&, const PendingOrder&) = default;
  };
  static PendingOrder order_of(const Job& job);
  void forget(const Job& job);

  std::map<std::string, StoredJob, std::less<>> jobs_;
  std::map<std::string, std::string> client_keys_;
  std::set<JobPosition> by_age_;
  std::set<PendingOrder> pending_;
  std::set<std::string> processing_;
};

/// The ledger in memory. Not thread-safe.
class CostTable {
 public:
  /// Adds the entry unless its id is there; true if it was added.
  bool add(const CostEntry& entry);

  /// Adds the entry or settles the one with its id.
  void record(const CostEntry& entry);

  /// Shows entries from behind the one with the id `after` on until `visit` returns false. Throws Error `not_found`.
  void visit_oldest_first(const std::optional<std::string>& after,
                          const std::function<bool(const CostEntry&)>& visit) const;

 private:
  std::map<std::string, CostEntry> entries_;
  std::set<std::pair<Timestamp, std::string>> by_time_;
};

}  // namespace vitrine
