#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Told to the holder by a heartbeat.
struct Pulse {
  Timestamp lease_expires_at;
  bool cancel_requested = false;
};

struct SweepOptions {
  /// A job in processing longer than this is taken back even if its lease is fresh: its worker hangs.
  std::chrono::milliseconds longest_attempt = std::chrono::hours(1);
};

struct SweepReport {
  int requeued = 0;   ///< Their leases ran out; they may be claimed again.
  int failed = 0;     ///< They had no attempt left.
  int cancelled = 0;  ///< They ran out while a cancel was asked for.
};

/// A job to complete, with its result.
struct Completion {
  Job held;
  std::string result = "{}";
};

/// Keeps jobs and what they cost. A job is never lost and never done twice: a claim gives a lease with a random token,
/// every later write of that attempt carries it, and a write whose token is no longer the job's throws `lease_lost` and
/// changes nothing. Every call is atomic. Safe to use from many threads at once.
///
/// Throws Error: not_found, conflict, lease_lost, permission_denied, unavailable, corrupt_data, cancelled,
/// deadline_exceeded; std::invalid_argument for values out of range.
class VITRINE_EXPORT JobStore {
 public:
  JobStore() = default;
  virtual ~JobStore() = default;
  JobStore(const JobStore&) = delete;
  JobStore& operator=(const JobStore&) = delete;

  /// Makes a job; with a client_key that is known, returns the job that has it instead, or throws `conflict` if that
  /// one was asked for with another kind or request.
  virtual Job create(const NewJob& job, Context& context) = 0;

  virtual std::optional<Job> find(std::string_view id, Context& context) = 0;

  /// A page of at most `limit` (1 to 1000) jobs, newest first.
  virtual JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& context) = 0;

  virtual std::int64_t count(const JobFilter& filter, Context& context) = 0;

  /// Takes up to `most` (1 to 1000) pending jobs that are due, of `kinds` (at most 30; empty: any): highest priority
  /// first, then oldest. A store that is shared over a network may pick among the first few instead, so that its
  /// workers do not all reach for the same one. Each comes back with its lease (1 ms to 24 h) and the attempt counted,
  /// before anybody else can see it claimed. A job whose lease ran out is not pending until sweep() has taken it back.
  virtual std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                                       std::chrono::milliseconds lease, Context& context) = 0;

  /// Prolongs the lease to `lease` from now, and notes progress, in [0, 1]. A lease that ran out is still its holder's
  /// until sweep() takes the job back.
  virtual Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& context) = 0;

  /// Replaces the journal, a JSON object of at most 256 KiB.
  virtual void save_journal(const Job& held, std::string_view journal, Context& context) = 0;

  /// Ends the job with its result, a JSON object of at most 256 KiB, even if a cancel was asked for: what is done is
  /// done. Again with the same lease and result: no change, no error.
  virtual void complete(const Job& held, std::string_view result, Context& context) = 0;

  /// Completes up to 1000 jobs, as complete() does each. A lease that is lost holds up no other job: returns the ids of
  /// those, whose results must be dropped. One by one, unless a store knows better: an Error in between leaves some
  /// done, and the same call again does the rest.
  virtual std::vector<std::string> complete_batch(const std::vector<Completion>& done, Context& context);

  /// Ends the attempt. A retryable failure with attempts left puts the job back to pending after a back-off (2 s,
  /// doubled for each attempt, at most 5 min, or Failure::retry_after); else it fails for good. If a cancel was asked
  /// for, the job is cancelled.
  virtual void fail(const Job& held, const Failure& failure, Context& context) = 0;

  /// Gives the job back unharmed, as at a graceful stop: pending at once, the attempt not counted; cancelled if a
  /// cancel was asked for.
  virtual void release(const Job& held, Context& context) = 0;

  /// Pending: cancelled at once. Processing: asks its holder to stop. Ended: no change. Returns the job as it is then.
  virtual Job cancel(std::string_view id, Context& context) = 0;

  /// Puts a failed or cancelled job back to pending with its attempts at zero and its journal kept: what is paid for
  /// is not bought again. Throws `conflict` in any other state.
  virtual Job retry(std::string_view id, Context& context) = 0;

  /// Takes back jobs whose lease ran out. Run it every few seconds; safe to run from several places at once. A job that
  /// has no attempt left fails with the code "lease_lost".
  virtual SweepReport sweep(const SweepOptions& options, Context& context) = 0;

  /// Removes ended jobs, as after archiving them; ids of others are left alone. Returns how many were removed.
  virtual int remove(const std::vector<std::string>& ids, Context& context) = 0;

  /// Removes those of `seen` that have ended and did not change since they were read, so that a job that was retried
  /// meanwhile stays; returns their number. Looks at id, state, attempt, updated_at and finished_at only. The default
  /// looks and then removes; a store that can do both in one step should.
  virtual int remove_unchanged(const std::vector<Job>& seen, Context& context);

  /// Writes the jobs that match and their costs as JSON lines: a header with version, one line a record, a last line
  /// with count and digest. With an empty filter also the costs that belong to no job that is there. No lease goes out.
  virtual void export_to(ByteSink& sink, const JobFilter& filter, Context& context) = 0;

  /// Reads what export_to() wrote and returns how many records are new. Those that are there already, by id or client
  /// key, are left as they are. A job that was processing has lost its lease, as after sweep(). Throws corrupt_data,
  /// and then nothing of it is stored, unless every line and the digest are right. A store on disk may write in pieces:
  /// one that is stopped in between has stored some, and the same import again stores the rest.
  virtual std::int64_t import_from(ByteSource& source, Context& context) = 0;

  /// Writes the entry. If one with its id is there and is an estimate, a settled one gives it its amount; else nothing
  /// changes.
  virtual void record_cost(const CostEntry& entry, Context& context) = 0;

  /// Entries by time, at most `limit` (1 to 1000), from the first behind `after` on (the id of an entry; not_found if
  /// there is none).
  virtual std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                                       Context& context) = 0;

  /// Exact sums, ordered by group; for CostGrouping::none exactly one.
  virtual std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& context) = 0;

  /// One job, if there is one: claim_batch() with most = 1.
  std::optional<Job> claim(std::string_view worker, std::chrono::milliseconds lease, Context& context);
};

}  // namespace vitrine
