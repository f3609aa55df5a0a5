#include "vitrine/jobs/sqlite_store.h"

#include <stdexcept>
#include <utility>

#include "base/random_hex.h"
#include "jobs/job_ids.h"
#include "jobs/job_rules.h"
#include "jobs/job_transitions.h"
#include "jobs/sqlite_claims.h"
#include "jobs/sqlite_costs.h"
#include "jobs/sqlite_job_rows.h"
#include "jobs/sqlite_lists.h"
#include "jobs/sqlite_queries.h"
#include "jobs/sqlite_readers.h"
#include "jobs/sqlite_schema.h"
#include "jobs/sqlite_transfer.h"
#include "jobs/sqlite_writer.h"

namespace vitrine {
namespace {

constexpr std::size_t kTokenBytes = 16;

// Jobs that one transaction of a sweep takes back, so that workers get their turn in between.
constexpr int kSweepPiece = 500;

using Save = void (*)(SqliteConnection&, const SqliteJobRow&, Timestamp);

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(const SqliteOptions& options, std::shared_ptr<Clock> clock)
      : options_(options), clock_(std::move(clock)), writer_(options), readers_(options) {}

  Job create(const NewJob& wanted, Context& context) override {
    require_new_job(wanted);
    return writer_.write(context, [&](SqliteConnection& connection) {
      if (!wanted.client_key.empty()) {
        if (const auto known = find_job_row(connection, sqlite::kJobOfClientKey, wanted.client_key)) {
          require_same_request(known->stored.job, wanted);
          return known->stored.job;
        }
      }
      const Timestamp now = clock_->now();
      const StoredJob made = new_job(wanted, ids_.next(now), now);
      add_job(connection, made, now);
      return made.job;
    });
  }

  std::optional<Job> find(std::string_view id, Context& context) override {
    return readers_.read(context, [&](SqliteConnection& connection) -> std::optional<Job> {
      auto row = find_job_row(connection, sqlite::kJobOfId, id);
      if (!row) return std::nullopt;
      return std::move(row->stored.job);
    });
  }

  JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    return readers_.read(context, [&](auto& connection) { return list_jobs(connection, filter, after, limit); });
  }

  std::int64_t count(const JobFilter& filter, Context& context) override {
    require_filter(filter);
    return readers_.read(context, [&](auto& connection) { return count_jobs(connection, filter); });
  }

  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& context) override {
    require_claim(worker, most, kinds, lease);
    return writer_.write(context, [&](SqliteConnection& connection) {
      const Timestamp now = clock_->now();
      std::vector<Job> claims;
      for (const std::int64_t seq : due_jobs(connection, kinds, most, now)) {
        SqliteJobRow row = job_row_at(connection, seq);
        row.stored = claimed(std::move(row.stored), worker, random_hex(kTokenBytes), lease, now);
        save_job(connection, row, now);
        claims.push_back(with_token(row.stored));
      }
      return claims;
    });
  }

  Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& context) override {
    require_progress(progress);
    require_lease_time(lease);
    const Job job = change(held, context, save_pulse_of, [&](StoredJob stored, Timestamp now) {
      return pulsed(std::move(stored), progress, lease, now);
    });
    return {job.lease->expires_at, job.cancel_requested};
  }

  void save_journal(const Job& held, std::string_view journal, Context& context) override {
    require_json_object("The journal", journal);
    change(held, context, save_journal_of,
           [&](StoredJob stored, Timestamp now) { return journalled(std::move(stored), journal, now); });
  }

  void complete(const Job& held, std::string_view result, Context& context) override {
    require_json_object("The result", result);
    token_of(held);
    writer_.write(context, [&](SqliteConnection& connection) {
      if (save_completed(connection, held, result)) return 0;
      const auto row = find_job_row(connection, sqlite::kJobOfId, held.id);
      if (!is_completed_so(stored_in(row), held, result)) require_held(stored_in(row), held);
      return 0;
    });
  }

  std::vector<std::string> complete_batch(const std::vector<Completion>& done, Context& context) override {
    require_completions(done);
    return writer_.write(context, [&](SqliteConnection& connection) {
      std::vector<std::string> lost;
      for (const auto& [held, result] : done) {
        if (save_completed(connection, held, result)) continue;
        const auto row = find_job_row(connection, sqlite::kJobOfId, held.id);
        if (!is_completed_so(stored_in(row), held, result)) lost.push_back(held.id);
      }
      return lost;
    });
  }

  void fail(const Job& held, const Failure& failure, Context& context) override {
    change(held, context, save_job,
           [&](StoredJob stored, Timestamp now) { return failed(std::move(stored), failure, now); });
  }

  void release(const Job& held, Context& context) override {
    change(held, context, save_job, [](StoredJob stored, Timestamp now) { return released(std::move(stored), now); });
  }

  Job cancel(std::string_view id, Context& context) override { return change(id, context, cancelled); }
  Job retry(std::string_view id, Context& context) override { return change(id, context, retried); }

  SweepReport sweep(const SweepOptions& options, Context& context) override {
    require_longest_attempt(options.longest_attempt);
    SweepReport report;
    while (writer_.write(context, [&](SqliteConnection& connection) {
      return sweep_piece(connection, options, report);
    }) == kSweepPiece) {
    }
    return report;
  }

  int remove(const std::vector<std::string>& ids, Context& context) override {
    return writer_.write(context, [&](SqliteConnection& connection) {
      int removed = 0;
      for (const auto& id : ids) removed += connection.query(sqlite::kRemoveEnded).bind(id).run();
      return removed;
    });
  }

  int remove_unchanged(const std::vector<Job>& seen, Context& context) override {
    return writer_.write(context, [&](SqliteConnection& connection) {
      int removed = 0;
      for (const auto& job : seen) {
        SqliteQuery query = connection.query(sqlite::kRemoveUnchanged);
        query.bind(job.id).bind(job.finished_at).bind(job.updated_at).bind(name_of(job.state)).bind(job.attempt);
        removed += query.run();
      }
      return removed;
    });
  }

  void export_to(ByteSink& sink, const JobFilter& filter, Context& context) override {
    require_filter(filter);
    readers_.read(context, [&](SqliteConnection& connection) {
      export_jobs(connection, sink, filter, context);
      return 0;
    });
  }

  std::int64_t import_from(ByteSource& source, Context& context) override {
    SqliteWriter writer(options_);  // of its own: a slow source holds up nobody
    return import_jobs(writer, source, clock_->now(), context);
  }

  void record_cost(const CostEntry& entry, Context& context) override {
    require_cost(entry);
    writer_.write(context, [&](SqliteConnection& connection) {
      vitrine::record_cost(connection, entry);
      return 0;
    });
  }

  std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                               Context& context) override {
    require_filter(filter);
    require_page_limit(limit);
    return readers_.read(context, [&](auto& connection) { return list_costs(connection, filter, after, limit); });
  }

  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& context) override {
    require_filter(filter);
    return readers_.read(context, [&](auto& connection) { return vitrine::sum_costs(connection, filter, grouping); });
  }

 private:
  // One step of a job that is held.
  template <class Step>
  Job change(const Job& held, Context& context, Save save_step, const Step& step) {
    token_of(held);
    return writer_.write(context, [&](SqliteConnection& connection) {
      auto row = find_job_row(connection, sqlite::kJobOfId, held.id);
      require_held(stored_in(row), held);
      return take_step(connection, *std::move(row), save_step, step);
    });
  }

  // One step of a job that needs no lease.
  template <class Step>
  Job change(std::string_view id, Context& context, const Step& step) {
    return writer_.write(context, [&](SqliteConnection& connection) {
      auto row = find_job_row(connection, sqlite::kJobOfId, id);
      if (!row) throw no_such_job(id);
      return take_step(connection, *std::move(row), save_job, step);
    });
  }

  template <class Step>
  Job take_step(SqliteConnection& connection, SqliteJobRow row, Save save_step, const Step& step) {
    const Timestamp now = clock_->now();
    row.stored = step(std::move(row.stored), now);
    save_step(connection, row, now);
    return std::move(row.stored.job);
  }

  // completed() as one statement: most of a worker's writes are this one. False if the job is not held so.
  bool save_completed(SqliteConnection& connection, const Job& held, std::string_view result) {
    return connection.query(sqlite::kCompleteJob)
               .bind(held.id)
               .bind(token_of(held))
               .bind(result)
               .bind(clock_->now())
               .run() == 1;
  }

  int sweep_piece(SqliteConnection& connection, const SweepOptions& options, SweepReport& report) {
    const Timestamp now = clock_->now();
    const auto rows = overdue(connection, options, now);
    for (const std::int64_t seq : rows) {
      SqliteJobRow row = job_row_at(connection, seq);
      row.stored = taken_back(std::move(row.stored), now);
      save_job(connection, row, now);
      const JobState state = row.stored.job.state;
      ++(state == JobState::pending ? report.requeued : state == JobState::failed ? report.failed : report.cancelled);
    }
    return static_cast<int>(rows.size());
  }

  static std::vector<std::int64_t> overdue(SqliteConnection& connection, const SweepOptions& options, Timestamp now) {
    SqliteQuery query = connection.query(sqlite::kOverdue);
    query.bind(now).bind(now - options.longest_attempt).bind(kSweepPiece);
    std::vector<std::int64_t> rows;
    while (query.step()) rows.push_back(query.integer(0));
    return rows;
  }

  SqliteOptions options_;
  std::shared_ptr<Clock> clock_;
  SqliteWriter writer_;
  JobIds ids_;  // used while writing, so by one thread at a time
  SqliteReaders readers_;
};

SqliteOptions checked(SqliteOptions options) {
  using std::chrono::minutes;
  if (options.path.empty()) throw std::invalid_argument("SqliteOptions::path is empty. Name the file for the jobs.");
  if (options.busy_timeout.count() < 1 || options.busy_timeout > minutes(10))
    throw std::invalid_argument("SqliteOptions::busy_timeout is " + std::to_string(options.busy_timeout.count()) +
                                " ms; it must be 1 ms to 10 min.");
  // Absolute: SQLite takes ":memory:" and "file:…" for something else, and a host may change its folder.
  options.path = std::filesystem::absolute(options.path);
  return options;
}

}  // namespace

std::unique_ptr<JobStore> open_sqlite_job_store(const SqliteOptions& options, std::shared_ptr<Clock> clock) {
  const SqliteOptions all = checked(options);
  make_sqlite_file(all.path);
  return std::make_unique<SqliteJobStore>(all, std::move(clock));
}

}  // namespace vitrine
