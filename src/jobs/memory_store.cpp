#include "vitrine/jobs/memory_store.h"

#include <mutex>
#include <set>
#include <utility>

#include "base/random_hex.h"
#include "jobs/cost_sums.h"
#include "jobs/job_export.h"
#include "jobs/job_filter.h"
#include "jobs/job_ids.h"
#include "jobs/job_import.h"
#include "jobs/job_rules.h"
#include "jobs/job_table.h"
#include "jobs/job_transitions.h"

namespace vitrine {
namespace {

constexpr std::size_t kTokenBytes = 16;

class MemoryJobStore final : public JobStore {
 public:
  explicit MemoryJobStore(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  Job create(const NewJob& wanted, Context& context) override {
    require_new_job(wanted);
    context.check();
    const std::lock_guard lock(mutex_);
    if (const StoredJob* known = jobs_.find_by_client_key(wanted.client_key)) {
      require_same_request(known->job, wanted);
      return known->job;
    }
    const Timestamp now = clock_->now();
    const auto made = new_job(wanted, ids_.next(now), now);
    jobs_.put(made);
    return made.job;
  }

  std::optional<Job> find(std::string_view id, Context& context) override {
    context.check();
    const std::lock_guard lock(mutex_);
    const StoredJob* stored = jobs_.find(id);
    if (stored == nullptr) return std::nullopt;
    return stored->job;
  }

  JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    std::optional<JobPosition> position;
    if (after) position = position_of_cursor(*after);
    context.check();
    const std::lock_guard lock(mutex_);
    JobPage page;
    jobs_.visit_newest_first(position, [&](const Job& job) {
      if (!matches(filter, job)) return true;
      if (std::ssize(page.jobs) == limit) {
        page.next = cursor_of(position_of(page.jobs.back()));
        return false;
      }
      page.jobs.push_back(job);
      return true;
    });
    return page;
  }

  std::int64_t count(const JobFilter& filter, Context& context) override {
    require_filter(filter);
    context.check();
    const std::lock_guard lock(mutex_);
    std::int64_t matching = 0;
    jobs_.visit_newest_first(std::nullopt, [&](const Job& job) {
      matching += matches(filter, job) ? 1 : 0;
      return true;
    });
    return matching;
  }

  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& context) override {
    require_claim(worker, most, kinds, lease);
    context.check();
    const std::lock_guard lock(mutex_);
    const Timestamp now = clock_->now();
    std::vector<Job> claims;
    for (const auto& id : jobs_.due(now, kinds, static_cast<std::size_t>(most))) {
      const auto next = claimed(*jobs_.find(id), worker, random_hex(kTokenBytes), lease, now);
      jobs_.put(next);
      claims.push_back(with_token(next));
    }
    return claims;
  }

  Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& context) override {
    require_progress(progress);
    require_lease_time(lease);
    const auto stored =
        change(held, context, [&](StoredJob job) { return pulsed(std::move(job), progress, lease, now()); });
    return {stored.job.lease->expires_at, stored.job.cancel_requested};
  }

  void save_journal(const Job& held, std::string_view journal, Context& context) override {
    require_json_object("The journal", journal);
    change(held, context, [&](StoredJob job) { return journalled(std::move(job), journal, now()); });
  }

  void complete(const Job& held, std::string_view result, Context& context) override {
    require_json_object("The result", result);
    token_of(held);
    context.check();
    const std::lock_guard lock(mutex_);
    const StoredJob* stored = jobs_.find(held.id);
    if (is_completed_so(stored, held, result)) return;
    require_held(stored, held);
    jobs_.put(completed(*stored, result, now()));
  }

  std::vector<std::string> complete_batch(const std::vector<Completion>& done, Context& context) override {
    require_completions(done);
    context.check();
    const std::lock_guard lock(mutex_);
    std::vector<std::string> lost;
    for (const auto& [held, result] : done) {
      const StoredJob* stored = jobs_.find(held.id);
      if (is_completed_so(stored, held, result)) continue;
      if (is_held(stored, held))
        jobs_.put(completed(*stored, result, now()));
      else
        lost.push_back(held.id);
    }
    return lost;
  }

  void fail(const Job& held, const Failure& failure, Context& context) override {
    change(held, context, [&](StoredJob job) { return failed(std::move(job), failure, now()); });
  }

  void release(const Job& held, Context& context) override {
    change(held, context, [&](StoredJob job) { return released(std::move(job), now()); });
  }

  Job cancel(std::string_view id, Context& context) override {
    return change(id, context, [&](StoredJob job) { return cancelled(std::move(job), now()); });
  }

  Job retry(std::string_view id, Context& context) override {
    return change(id, context, [&](StoredJob job) { return retried(std::move(job), now()); });
  }

  SweepReport sweep(const SweepOptions& options, Context& context) override {
    require_longest_attempt(options.longest_attempt);
    context.check();
    const std::lock_guard lock(mutex_);
    SweepReport report;
    for (const auto& id : jobs_.processing()) {
      const StoredJob& stored = *jobs_.find(id);
      if (!is_overdue(stored.job, options, now())) continue;
      const auto next = taken_back(stored, now());
      jobs_.put(next);
      if (next.job.state == JobState::pending) ++report.requeued;
      if (next.job.state == JobState::failed) ++report.failed;
      if (next.job.state == JobState::cancelled) ++report.cancelled;
    }
    return report;
  }

  int remove(const std::vector<std::string>& ids, Context& context) override {
    context.check();
    const std::lock_guard lock(mutex_);
    int removed = 0;
    for (const auto& id : ids) {
      const StoredJob* stored = jobs_.find(id);
      if (stored == nullptr || !is_ended(stored->job.state)) continue;
      jobs_.erase(id);
      ++removed;
    }
    return removed;
  }

  int remove_unchanged(const std::vector<Job>& seen, Context& context) override {
    context.check();
    const std::lock_guard lock(mutex_);
    int removed = 0;
    for (const auto& job : seen) {
      const StoredJob* stored = jobs_.find(job.id);
      if (stored == nullptr || !is_unchanged(job, stored->job)) continue;
      jobs_.erase(job.id);
      ++removed;
    }
    return removed;
  }

  void export_to(ByteSink& sink, const JobFilter& filter, Context& context) override {
    require_filter(filter);
    context.check();
    // Copied under the lock and written outside it: a sink may be slow, and the export is of one moment.
    const auto [jobs, costs] = snapshot(filter);
    JobExportWriter writer(sink);
    for (const auto& job : jobs) {
      context.check();
      writer.write(job);
    }
    for (const auto& entry : costs) writer.write(entry);
    writer.finish();
  }

  std::int64_t import_from(ByteSource& source, Context& context) override {
    const auto [jobs, costs] = read_whole_export(source, context);
    const std::lock_guard lock(mutex_);
    std::int64_t added = 0;
    for (const auto& [id, job] : jobs) {
      if (jobs_.find(id) != nullptr || jobs_.find_by_client_key(job.client_key) != nullptr) continue;
      jobs_.put(job.state == JobState::processing ? taken_back({job, {}}, now()) : StoredJob{job, {}});
      ++added;
    }
    for (const auto& [id, entry] : costs) added += costs_.add(entry) ? 1 : 0;
    return added;
  }

  void record_cost(const CostEntry& entry, Context& context) override {
    require_cost(entry);
    context.check();
    const std::lock_guard lock(mutex_);
    costs_.record(entry);
  }

  std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                               Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    context.check();
    const std::lock_guard lock(mutex_);
    std::vector<CostEntry> page;
    costs_.visit_oldest_first(after, [&](const CostEntry& entry) {
      if (matches(filter, entry)) page.push_back(entry);
      return std::ssize(page) < limit;
    });
    return page;
  }

  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& context) override {
    require_filter(filter);
    context.check();
    const std::lock_guard lock(mutex_);
    CostSums sums(grouping);
    costs_.visit_oldest_first(std::nullopt, [&](const CostEntry& entry) {
      if (matches(filter, entry)) sums.add(entry);
      return true;
    });
    return sums.sums();
  }

 private:
  Timestamp now() const { return clock_->now(); }

  // One step of a job that is held.
  template <class Step>
  StoredJob change(const Job& held, Context& context, const Step& step) {
    token_of(held);
    context.check();
    const std::lock_guard lock(mutex_);
    const StoredJob* stored = jobs_.find(held.id);
    require_held(stored, held);
    const StoredJob next = step(*stored);
    jobs_.put(next);
    return next;
  }

  // One step of a job that needs no lease.
  template <class Step>
  Job change(std::string_view id, Context& context, const Step& step) {
    context.check();
    const std::lock_guard lock(mutex_);
    const StoredJob* stored = jobs_.find(id);
    if (stored == nullptr) throw no_such_job(id);
    const StoredJob next = step(*stored);
    jobs_.put(next);
    return next.job;
  }

  struct Snapshot {
    std::vector<Job> jobs;
    std::vector<CostEntry> costs;
  };
  Snapshot snapshot(const JobFilter& filter) const {
    const std::lock_guard lock(mutex_);
    Snapshot all;
    std::set<std::string> ids;
    jobs_.visit_newest_first(std::nullopt, [&](const Job& job) {
      if (!matches(filter, job)) return true;
      ids.insert(job.id);
      all.jobs.push_back(job);
      return true;
    });
    costs_.visit_oldest_first(std::nullopt, [&](const CostEntry& entry) {
      if (is_empty(filter) || ids.contains(entry.job_id)) all.costs.push_back(entry);
      return true;
    });
    return all;
  }

  mutable std::mutex mutex_;
  JobTable jobs_;
  CostTable costs_;
  JobIds ids_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::unique_ptr<JobStore> make_memory_job_store(std::shared_ptr<Clock> clock) {
  return std::make_unique<MemoryJobStore>(std::move(clock));
}

}  // namespace vitrine
