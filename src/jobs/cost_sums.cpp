#include "jobs/cost_sums.h"

#include <array>
#include <cstdio>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

std::string group_of(const CostEntry& entry, CostGrouping grouping) {
  switch (grouping) {
    case CostGrouping::none:
      return {};
    case CostGrouping::day:
      return day_of(entry.at);
    case CostGrouping::model:
      return entry.model;
    case CostGrouping::job:
      return entry.job_id;
  }
  return {};
}

}  // namespace

CostSums::CostSums(CostGrouping grouping) : grouping_(grouping) {
  if (grouping == CostGrouping::none) sums_[""] = {};
}

void CostSums::add(const CostEntry& entry) {
  const std::string group = group_of(entry, grouping_);
  CostSum& sum = sums_[group];
  sum.group = group;
  MicroUsd& side = entry.settled ? sum.settled : sum.estimated;
  if (__builtin_add_overflow(side.value, entry.amount.value, &side.value))
    throw costs_too_large();
  ++sum.entries;
}

std::vector<CostSum> CostSums::sums() const {
  std::vector<CostSum> all;
  for (const auto& [group, sum] : sums_) all.push_back(sum);
  return all;
}

CostEntry settled_by(CostEntry stored, const CostEntry& entry) {
  if (stored.settled || !entry.settled) return stored;
  stored.amount = entry.amount;
  stored.settled = true;
  return stored;
}

Error no_such_cost() {
  return {ErrorCode::not_found, "There is no cost entry to go on from. Pass the id of the last one you got."};
}

Error costs_too_large() {
  return {ErrorCode::corrupt_data,
          "The costs add up to more than 9 trillion dollars. Look for entries that nobody can have paid."};
}

std::string day_of(Timestamp time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

}  // namespace vitrine
