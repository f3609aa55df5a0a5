#include "jobs/job_table.h"

#include <algorithm>
#include <utility>

#include "jobs/cost_sums.h"
#include "vitrine/base/error.h"

namespace vitrine {

void JobTable::put(StoredJob stored) {
  const auto old = jobs_.find(stored.job.id);
  if (old != jobs_.end()) forget(old->second.job);
  const Job& job = stored.job;
  by_age_.insert(position_of(job));
  if (!job.client_key.empty()) client_keys_[job.client_key] = job.id;
  if (job.state == JobState::pending) pending_.insert(order_of(job));
  if (job.state == JobState::processing) processing_.insert(job.id);
  std::string id = job.id;
  jobs_.insert_or_assign(std::move(id), std::move(stored));
}

void JobTable::erase(const std::string& id) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  forget(found->second.job);
  jobs_.erase(found);
}

const StoredJob* JobTable::find(std::string_view id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : &found->second;
}

const StoredJob* JobTable::find_by_client_key(const std::string& key) const {
  const auto found = client_keys_.find(key);
  return found == client_keys_.end() ? nullptr : find(found->second);
}

std::vector<std::string> JobTable::due(Timestamp now, const std::vector<std::string>& kinds, std::size_t most) const {
  std::vector<std::string> ids;
  for (const auto& order : pending_) {
    if (ids.size() == most) break;
    const Job& job = find(order.position.id)->job;
    if (job.not_before > now) continue;
    if (kinds.empty() || std::find(kinds.begin(), kinds.end(), job.kind) != kinds.end()) ids.push_back(job.id);
  }
  return ids;
}

void JobTable::visit_newest_first(const std::optional<JobPosition>& after,
                                  const std::function<bool(const Job&)>& visit) const {
  auto each = std::make_reverse_iterator(after ? by_age_.lower_bound(*after) : by_age_.end());
  for (; each != by_age_.rend(); ++each)
    if (!visit(find(each->id)->job)) return;
}

JobTable::PendingOrder JobTable::order_of(const Job& job) {
  return {-static_cast<std::int64_t>(job.priority), position_of(job)};
}

void JobTable::forget(const Job& job) {
  by_age_.erase(position_of(job));
  client_keys_.erase(job.client_key);
  pending_.erase(order_of(job));
  processing_.erase(job.id);
}

bool CostTable::add(const CostEntry& entry) {
  if (!entries_.emplace(entry.id, entry).second) return false;
  by_time_.emplace(entry.at, entry.id);
  return true;
}

void CostTable::record(const CostEntry& entry) {
  if (add(entry)) return;
  CostEntry& stored = entries_.at(entry.id);
  stored = settled_by(stored, entry);  // keeps its time, so that no page is upset
}

void CostTable::visit_oldest_first(const std::optional<std::string>& after,
                                   const std::function<bool(const CostEntry&)>& visit) const {
  auto each = by_time_.begin();
  if (after) {
    const auto found = entries_.find(*after);
    if (found == entries_.end()) throw no_such_cost();
    each = by_time_.upper_bound({found->second.at, found->first});
  }
  for (; each != by_time_.end(); ++each)
    if (!visit(entries_.at(each->second))) return;
}

}  // namespace vitrine
