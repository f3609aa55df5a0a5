#pragma once

#include <map>
#include <string>
#include <vector>

#include "vitrine/base/error.h"
#include "vitrine/jobs/cost.h"

namespace vitrine {

/// Adds up cost entries by group, exactly.
class CostSums {
 public:
  explicit CostSums(CostGrouping grouping);

  /// Throws Error `corrupt_data` if the sum no longer fits.
  void add(const CostEntry& entry);

  std::vector<CostSum> sums() const;  ///< Ordered by group.

 private:
  CostGrouping grouping_;
  std::map<std::string, CostSum> sums_;
};

/// The entry that holds when `entry` is recorded and `stored` has its id already.
CostEntry settled_by(CostEntry stored, const CostEntry& entry);

/// What a ledger says that cannot go on from an entry, or whose sums do not fit.
Error no_such_cost();
Error costs_too_large();

/// "2026-11-24": the day in UTC.
std::string day_of(Timestamp time);

}  // namespace vitrine
