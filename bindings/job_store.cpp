#include "vitrine/jobs/job_store.h"

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "override.h"
#include "streams.h"
#include "vitrine/jobs/memory_store.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using std::chrono::milliseconds;
using Ids = std::vector<std::string>;
using After = std::optional<std::string>;

constexpr milliseconds kLease{60'000};

class PyJobStore : public JobStore, public py::trampoline_self_life_support {
 public:
  Job create(const NewJob& job, Context& context) override { return call<Job>("create", context, job); }
  std::optional<Job> find(std::string_view id, Context& context) override {
    return call<std::optional<Job>>("find", context, id);
  }
  JobPage list(const JobFilter& filter, After after, int limit, Context& context) override {
    return call<JobPage>("list", context, filter, named("after", after), named("limit", limit));
  }
  std::int64_t count(const JobFilter& filter, Context& context) override {
    return call<std::int64_t>("count", context, filter);
  }
  std::vector<Job> claim_batch(std::string_view worker, int most, const Ids& kinds, milliseconds lease,
                               Context& context) override {
    return call<std::vector<Job>>("claim_batch", context, worker, most, named("kinds", kinds), named("lease", lease));
  }
  Pulse heartbeat(const Job& held, double progress, milliseconds lease, Context& context) override {
    return call<Pulse>("heartbeat", context, held, progress, named("lease", lease));
  }
  void save_journal(const Job& held, std::string_view journal, Context& context) override {
    call<void>("save_journal", context, held, journal);
  }
  void complete(const Job& held, std::string_view result, Context& context) override {
    call<void>("complete", context, held, result);
  }
  void fail(const Job& held, const Failure& failure, Context& context) override {
    call<void>("fail", context, held, failure);
  }
  void release(const Job& held, Context& context) override { call<void>("release", context, held); }
  Job cancel(std::string_view id, Context& context) override { return call<Job>("cancel", context, id); }
  Job retry(std::string_view id, Context& context) override { return call<Job>("retry", context, id); }
  SweepReport sweep(const SweepOptions& options, Context& context) override {
    return call<SweepReport>("sweep", context, named("longest_attempt", options.longest_attempt));
  }
  int remove(const Ids& ids, Context& context) override { return call<int>("remove", context, ids); }
  void export_to(ByteSink& sink, const JobFilter& filter, Context& context) override {
    const Loan<ByteSink> loan(sink);
    call<void>("export_to", context, loan.stream(), filter);
  }
  std::int64_t import_from(ByteSource& source, Context& context) override {
    const Loan<ByteSource> loan(source);
    return call<std::int64_t>("import_from", context, loan.stream());
  }
  void record_cost(const CostEntry& entry, Context& context) override { call<void>("record_cost", context, entry); }
  std::vector<CostEntry> costs(const CostFilter& filter, After after, int limit, Context& context) override {
    return call<std::vector<CostEntry>>("costs", context, filter, named("after", after), named("limit", limit));
  }
  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& context) override {
    return call<std::vector<CostSum>>("sum_costs", context, filter, named("grouping", grouping));
  }

 private:
  template <typename Result, typename... Arguments>
  Result call(const char* name, Context& context, Arguments&&... arguments) {
    return call_override<Result>(static_cast<const JobStore*>(this), name, std::forward<Arguments>(arguments)...,
                                 lend(context));
  }
};

using Store = py::class_<JobStore, PyJobStore, py::smart_holder>;

void bind_callers_verbs(Store& store) {
  store
      .def(
          "create",
          [](JobStore& self, const NewJob& job, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.create(job, inner); });
          },
          "job"_a, py::kw_only(), "context"_a = nullptr, R"(
Makes a job; with a client_key that is known, returns the job that has it.

Raises
------
ConflictError
    That one was asked for with another kind or request.)")
      .def(
          "find",
          [](JobStore& self, const std::string& id, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.find(id, inner); });
          },
          "id"_a, py::kw_only(), "context"_a = nullptr, "The job, or None.")
      .def(
          "list",
          [](JobStore& self, const JobFilter& filter, const After& after, int limit, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.list(filter, after, limit, inner); });
          },
          "filter"_a = JobFilter{}, py::kw_only(), "after"_a = py::none(), "limit"_a = 100, "context"_a = nullptr,
          "A page of at most `limit` (1 to 1000) jobs, newest first.")
      .def(
          "count",
          [](JobStore& self, const JobFilter& filter, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.count(filter, inner); });
          },
          "filter"_a = JobFilter{}, py::kw_only(), "context"_a = nullptr, "How many jobs match.")
      .def(
          "cancel",
          [](JobStore& self, const std::string& id, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.cancel(id, inner); });
          },
          "id"_a, py::kw_only(), "context"_a = nullptr, R"(
Pending: cancelled at once. Processing: asks its holder to stop. Ended: no change. Returns the job as it is then.)")
      .def(
          "retry",
          [](JobStore& self, const std::string& id, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.retry(id, inner); });
          },
          "id"_a, py::kw_only(), "context"_a = nullptr, R"(
Puts a failed or cancelled job back to pending, its journal kept: what is paid for is not bought again.

Raises
------
ConflictError
    It is in any other state.)");
}

void bind_workers_verbs(Store& store) {
  store
      .def(
          "claim",
          [](JobStore& self, const std::string& worker, milliseconds lease, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.claim(worker, lease, inner); });
          },
          "worker"_a, py::kw_only(), "lease"_a = kLease, "context"_a = nullptr,
          "One job that is due, with a lease of `lease` seconds; None if there is none.")
      .def(
          "claim_batch",
          [](JobStore& self, const std::string& worker, int most, const Ids& kinds, milliseconds lease,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.claim_batch(worker, most, kinds, lease, inner); });
          },
          "worker"_a, "most"_a, py::kw_only(), "kinds"_a = Ids(), "lease"_a = kLease, "context"_a = nullptr,
          "Up to `most` jobs that are due, of `kinds` (empty: any): highest priority first, then oldest.")
      .def(
          "heartbeat",
          [](JobStore& self, const Job& held, double progress, milliseconds lease, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.heartbeat(held, progress, lease, inner); });
          },
          "held"_a, "progress"_a, py::kw_only(), "lease"_a = kLease, "context"_a = nullptr,
          "Prolongs the lease to `lease` seconds from now, and notes progress. LeaseLostError if it is another's.")
      .def(
          "save_journal",
          [](JobStore& self, const Job& held, const std::string& journal, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.save_journal(held, journal, inner); });
          },
          "held"_a, "journal"_a, py::kw_only(), "context"_a = nullptr,
          "Replaces the journal, a JSON object of at most 256 KiB. LeaseLostError if the lease is another's.")
      .def(
          "complete",
          [](JobStore& self, const Job& held, const std::string& result, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.complete(held, result, inner); });
          },
          "held"_a, "result"_a, py::kw_only(), "context"_a = nullptr,
          "Ends the job with its result, a JSON object. LeaseLostError if the lease is another's.")
      .def(
          "fail",
          [](JobStore& self, const Job& held, const Failure& failure, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.fail(held, failure, inner); });
          },
          "held"_a, "failure"_a, py::kw_only(), "context"_a = nullptr,
          "Ends the attempt. A retryable failure with attempts left puts the job back to pending after a back-off.")
      .def(
          "release",
          [](JobStore& self, const Job& held, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.release(held, inner); });
          },
          "held"_a, py::kw_only(), "context"_a = nullptr, "Gives the job back unharmed, the attempt not counted.");
}

void bind_keepers_verbs(Store& store) {
  store
      .def(
          "sweep",
          [](JobStore& self, milliseconds longest_attempt, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.sweep({longest_attempt}, inner); });
          },
          py::kw_only(), "longest_attempt"_a = SweepOptions{}.longest_attempt, "context"_a = nullptr,
          "Takes back jobs whose lease ran out, or that take longer than `longest_attempt` seconds.")
      .def(
          "remove",
          [](JobStore& self, const Ids& ids, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.remove(ids, inner); });
          },
          "ids"_a, py::kw_only(), "context"_a = nullptr, "Removes ended jobs; returns how many were removed.")
      .def(
          "export_to",
          [](JobStore& self, const py::object& sink, const JobFilter& filter, const ContextArgument& context) {
            const auto file = sink_into(sink);
            run(context, [&](Context& inner) { self.export_to(*file, filter, inner); });
          },
          "sink"_a, "filter"_a = JobFilter{}, py::kw_only(), "context"_a = nullptr,
          "Writes jobs and costs as JSON lines to a binary file.")
      .def(
          "import_from",
          [](JobStore& self, const py::object& source, const ContextArgument& context) {
            const auto file = source_over(source);
            return run(context, [&](Context& inner) { return self.import_from(*file, inner); });
          },
          "source"_a, py::kw_only(), "context"_a = nullptr, R"(
Reads what export_to() wrote, from bytes or a binary file; returns how many records were new.

Raises
------
CorruptDataError
    A line or the digest is wrong; nothing of it was stored.)")
      .def(
          "record_cost",
          [](JobStore& self, const CostEntry& entry, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.record_cost(entry, inner); });
          },
          "entry"_a, py::kw_only(), "context"_a = nullptr, "Writes the entry, or settles the one with its id.")
      .def(
          "costs",
          [](JobStore& self, const CostFilter& filter, const After& after, int limit, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.costs(filter, after, limit, inner); });
          },
          "filter"_a = CostFilter{}, py::kw_only(), "after"_a = py::none(), "limit"_a = 100, "context"_a = nullptr,
          "Entries by time, at most `limit` (1 to 1000), from the first behind `after` on (the id of an entry).")
      .def(
          "sum_costs",
          [](JobStore& self, const CostFilter& filter, CostGrouping grouping, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.sum_costs(filter, grouping, inner); });
          },
          "filter"_a = CostFilter{}, py::kw_only(), "grouping"_a = CostGrouping::none, "context"_a = nullptr,
          "Exact sums, ordered by group.");
}

}  // namespace

void bind_job_store(py::module_& module) {
  Store store(module, "JobStore", R"(
Keeps jobs and what they cost. A claim gives a lease with a token; a write with a stale one raises LeaseLostError.

Define every verb but `claim` to make your own. All calls are atomic; safe to use from many threads.)");
  store.def(py::init<>());
  bind_callers_verbs(store);
  bind_workers_verbs(store);
  bind_keepers_verbs(store);
  module.def("make_memory_job_store", &make_memory_job_store,
             py::arg_v("clock", make_system_clock(), "make_system_clock()"),
             "Keeps jobs in this process, for tests and notebooks.");
}

}  // namespace vitrine::python
