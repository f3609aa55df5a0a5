#include "vitrine/jobs/firestore_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#include "jobs/cost_sums.h"
#include "jobs/firestore_claims.h"
#include "jobs/firestore_client.h"
#include "jobs/firestore_documents.h"
#include "jobs/firestore_jobs.h"
#include "jobs/firestore_ledger.h"
#include "jobs/firestore_list.h"
#include "jobs/firestore_queries.h"
#include "jobs/job_export.h"
#include "jobs/job_filter.h"
#include "jobs/job_ids.h"
#include "jobs/job_import.h"
#include "jobs/job_rules.h"

namespace vitrine {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int kMostRounds = 4;  // of looking for jobs that are not taken meanwhile
constexpr int kSweepPage = 100;

class FirestoreJobStore final : public JobStore {
 public:
  FirestoreJobStore(FirestoreOptions options, FirestoreClient::Place place, std::shared_ptr<HttpTransport> transport,
                    std::shared_ptr<GoogleCredentials> credentials, std::shared_ptr<Clock> clock)
      : options_(std::move(options)),
        client_(std::move(transport), std::move(credentials), std::move(place)),
        documents_(options_),
        list_(client_, documents_),
        jobs_(client_, documents_, options_.client_keys),
        claims_(client_, documents_, jobs_),
        ledger_(client_, options_.costs),
        clock_(std::move(clock)) {}

  Job create(const NewJob& wanted, Context& context) override {
    require_new_job(wanted);
    context.check();
    for (int round = 0;; ++round) {
      if (const auto known = jobs_.find_by_client_key(wanted.client_key, context)) {
        require_same_request(known->stored.job, wanted);
        return known->stored.job;
      }
      const StoredJob made = new_job(wanted, next_id(), now());
      if (jobs_.try_create(made, context)) return made.job;
      FirestoreJobs::wait_before(round, context);
    }
  }

  std::optional<Job> find(std::string_view id, Context& context) override {
    context.check();
    const auto found = jobs_.read(id, context);
    if (!found) return std::nullopt;
    return found->stored.job;
  }

  JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    std::optional<JobPosition> position;
    if (after) position = position_of_cursor(*after);
    context.check();
    return list_.page(filter, position, limit, context);
  }

  std::int64_t count(const JobFilter& filter, Context& context) override {
    require_filter(filter);
    context.check();
    return list_.count(filter, context);
  }

  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               milliseconds lease, Context& context) override {
    require_claim(worker, most, kinds, lease);
    context.check();
    std::vector<Job> claims;
    for (int round = 0; round < kMostRounds; ++round) {
      const auto missing = most - static_cast<int>(claims.size());
      const std::vector<JobDocument> candidates = claims_.candidates(missing, kinds, now(), context);
      if (candidates.empty()) break;
      for (JobDocument& taken : claims_.take(candidates, missing, worker, lease, now(), context)) {
        claims.push_back(with_token(taken.stored));
        remember(std::move(taken));
      }
      if (static_cast<int>(claims.size()) == most) break;
      // All were taken by others meanwhile; with fewer than asked for there is nothing to go on for.
      if (!claims.empty()) break;
    }
    return claims;
  }

  Pulse heartbeat(const Job& held, double progress, milliseconds lease, Context& context) override {
    require_progress(progress);
    require_lease_time(lease);
    const StoredJob next =
        change(held, context, [&](StoredJob job) { return pulsed(std::move(job), progress, lease, now()); });
    return {next.job.lease->expires_at, next.job.cancel_requested};
  }

  void save_journal(const Job& held, std::string_view journal, Context& context) override {
    require_json_object("The journal", journal);
    change(held, context, [&](StoredJob job) { return journalled(std::move(job), journal, now()); });
  }

  void complete(const Job& held, std::string_view result, Context& context) override {
    require_json_object("The result", result);
    token_of(held);
    context.check();
    change_document([&] { return recall_or_read(held, context); },
                    [&](const JobDocument* found) -> std::optional<StoredJob> {
                      const StoredJob* stored = found == nullptr ? nullptr : &found->stored;
                      if (is_completed_so(stored, held, result)) return std::nullopt;
                      require_held(stored, held);
                      return completed(*stored, result, now());
                    },
                    context);
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
    SweepReport report;
    for (const std::string& collection : documents_.collections_of({})) {
      sweep_all([&] { return firestore_query::lease_over(collection, now(), kSweepPage); }, options, report, context);
      sweep_all([&] { return firestore_query::started_before(collection, now() - options.longest_attempt, kSweepPage); },
                options, report, context);
    }
    return report;
  }

  int remove(const std::vector<std::string>& ids, Context& context) override {
    context.check();
    int removed = 0;
    for (const std::string& id : ids) {
      const auto found = is_job_id(id) ? jobs_.read(id, context) : std::nullopt;
      if (found && is_ended(found->stored.job.state) && jobs_.try_remove(*found, context)) ++removed;
    }
    return removed;
  }

  void export_to(ByteSink& sink, const JobFilter& filter, Context& context) override {
    require_filter(filter);
    context.check();
    JobExportWriter writer(sink);
    std::set<std::string> ids;
    std::optional<JobPosition> after;
    for (bool more = true; more;) {
      const JobPage page = list_.page(filter, after, 200, context);
      for (const Job& job : page.jobs) {
        writer.write(job);
        ids.insert(job.id);
      }
      more = page.next.has_value();
      if (more) after = position_of_cursor(*page.next);
    }
    ledger_.visit({}, std::nullopt, [&](const CostEntry& entry) {
      if (is_empty(filter) || ids.contains(entry.job_id)) writer.write(entry);
      return true;
    }, context);
    writer.finish();
  }

  std::int64_t import_from(ByteSource& source, Context& context) override {
    const auto [jobs, costs] = read_whole_export(source, context);
    std::int64_t added = 0;
    for (const auto& [id, job] : jobs) {
      if (jobs_.read(id, context) || jobs_.find_by_client_key(job.client_key, context)) continue;
      const StoredJob stored = job.state == JobState::processing ? taken_back({job, {}}, now()) : StoredJob{job, {}};
      added += jobs_.try_create(stored, context) ? 1 : 0;
    }
    for (const auto& [id, entry] : costs) added += ledger_.add(entry, context) ? 1 : 0;
    return added;
  }

  void record_cost(const CostEntry& entry, Context& context) override {
    require_cost(entry);
    context.check();
    ledger_.record(entry, context);
  }

  std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                               Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    context.check();
    std::vector<CostEntry> page;
    ledger_.visit(filter, after, [&](const CostEntry& entry) {
      page.push_back(entry);
      return static_cast<int>(page.size()) < limit;
    }, context);
    return page;
  }

  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& context) override {
    require_filter(filter);
    context.check();
    CostSums sums(grouping);
    ledger_.visit(filter, std::nullopt, [&](const CostEntry& entry) {
      sums.add(entry);
      return true;
    }, context);
    return sums.sums();
  }

 private:
  Timestamp now() const {
    if (options_.time == StoreTime::clock) return clock_->now();
    return client_.server_now().value_or(clock_->now());
  }

  std::string next_id() {
    const std::lock_guard lock(mutex_);
    return ids_.next(now());
  }

  void remember(JobDocument document) {
    const std::lock_guard lock(mutex_);
    std::string id = document.stored.job.id;
    if (document.stored.job.state == JobState::processing) held_.insert_or_assign(std::move(id), std::move(document));
    else held_.erase(id);
  }

  // The document of a job that this store claimed, as it was last: saves reading it before each write. Used once; what
  // is outdated loses the compare-and-swap and is read anew.
  std::optional<JobDocument> recall_or_read(const Job& held, Context& context) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = held_.find(held.id);
      if (found != held_.end()) {
        JobDocument known = std::move(found->second);
        held_.erase(found);
        if (known.stored.token == held.lease->token) return known;
      }
    }
    return jobs_.read(held.id, context);
  }

  // Reads, asks `step` for what comes next (empty: no change) and swaps it in, again from the start if somebody else
  // was faster.
  template <class Read, class Step>
  StoredJob change_document(const Read& read_it, const Step& step, Context& context) {
    std::optional<JobDocument> found = read_it();
    for (int round = 0;; ++round) {
      const std::optional<StoredJob> next = step(found ? &*found : nullptr);
      if (!next) return found->stored;
      if (auto written = jobs_.try_update(*found, *next, context)) {
        const StoredJob stored = written->stored;
        remember(std::move(*written));
        return stored;
      }
      FirestoreJobs::wait_before(round, context);
      found = jobs_.read(found->stored.job.id, context);
    }
  }

  template <class Step>
  StoredJob change(const Job& held, Context& context, const Step& step) {
    token_of(held);
    context.check();
    return change_document([&] { return recall_or_read(held, context); },
                           [&](const JobDocument* found) -> std::optional<StoredJob> {
                             require_held(found == nullptr ? nullptr : &found->stored, held);
                             return step(found->stored);
                           },
                           context);
  }

  template <class Step>
  Job change(std::string_view id, Context& context, const Step& step) {
    context.check();
    return change_document([&] { return jobs_.read(id, context); },
                           [&](const JobDocument* found) -> std::optional<StoredJob> {
                             if (found == nullptr) throw no_such_job(id);
                             return step(found->stored);
                           },
                           context)
        .job;
  }

  template <class Query>
  void sweep_all(const Query& query, const SweepOptions& options, SweepReport& report, Context& context) {
    while (true) {
      const auto overdue = client_.query(query(), context);
      int changed = 0;
      for (const FirestoreDocument& document : overdue) {
        const auto found = documents_.job_of(document);
        if (!found || !is_overdue(found->stored.job, options, now())) continue;
        // Not again if it is lost: whoever was faster renewed the lease, or swept it.
        const auto next = jobs_.try_update(*found, taken_back(found->stored, now()), context);
        if (!next) continue;
        ++changed;
        const JobState state = next->stored.job.state;
        ++(state == JobState::pending ? report.requeued : state == JobState::failed ? report.failed : report.cancelled);
      }
      if (changed == 0 || static_cast<int>(overdue.size()) < kSweepPage) return;
    }
  }

  const FirestoreOptions options_;
  FirestoreClient client_;
  const FirestoreDocuments documents_;
  const FirestoreList list_;
  FirestoreJobs jobs_;
  FirestoreClaims claims_;
  FirestoreLedger ledger_;
  std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  JobIds ids_;
  std::map<std::string, JobDocument, std::less<>> held_;
};

void require_collection(const char* name, const std::string& collection) {
  if (!collection.empty() && collection.size() <= 200 && collection.find('/') == std::string::npos &&
      collection.find("__") != 0)
    return;
  throw std::invalid_argument(std::string("FirestoreOptions::") + name + " is '" + collection +
                              "'; it must be the name of a collection, without slashes.");
}

}  // namespace

std::unique_ptr<JobStore> make_firestore_job_store(FirestoreOptions options, std::shared_ptr<HttpTransport> transport,
                                                   std::shared_ptr<GoogleCredentials> credentials,
                                                   std::shared_ptr<Clock> clock) {
  require_collection("artwork_jobs", options.artwork_jobs);
  require_collection("mockup_jobs", options.mockup_jobs);
  require_collection("other_jobs", options.other_jobs);
  require_collection("costs", options.costs);
  require_collection("client_keys", options.client_keys);
  FirestoreClient::Place place{options.endpoint, options.project, options.database};
  if (!options.emulator_host.empty()) {
    place.endpoint = "http://" + options.emulator_host;
    credentials = make_google_token_credentials("owner");
  }
  if (!transport || !credentials)
    throw std::invalid_argument("A Firestore job store needs a transport, and credentials unless it is an emulator.");
  if (place.project.empty()) {
    Context context;
    place.project = credentials->project(context);
  }
  if (place.project.empty())
    throw std::invalid_argument(
        "Neither FirestoreOptions::project nor the credentials name a project. Set GOOGLE_CLOUD_PROJECT.");
  return std::make_unique<FirestoreJobStore>(std::move(options), std::move(place), std::move(transport),
                                             std::move(credentials), std::move(clock));
}

}  // namespace vitrine
