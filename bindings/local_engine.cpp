#include "vitrine/pipeline/local_engine.h"

#include <pybind11/pybind11.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "job_attempt.h"
#include "python_error.h"
#include "record.h"
#include "vitrine/pipeline/archive.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using std::chrono::milliseconds;
using Handlers = std::map<std::string, py::function>;

// Its threads may be waiting for the GIL: it must not be joined while we hold it.
class PythonEngine {
 public:
  PythonEngine(std::shared_ptr<JobStore> jobs, JobKinds kinds, LocalEngineOptions options, std::shared_ptr<Clock> clock)
      : engine_(std::make_unique<LocalEngine>(std::move(jobs), std::move(kinds), std::move(options), std::move(clock))) {}
  ~PythonEngine() {
    const GilReleased released;
    engine_.reset();
  }
  PythonEngine(const PythonEngine&) = delete;
  PythonEngine& operator=(const PythonEngine&) = delete;

  LocalEngine& operator*() { return *engine_; }
  LocalEngine* operator->() { return engine_.get(); }

 private:
  std::unique_ptr<LocalEngine> engine_;
};

JobHandler handler_of(const py::function& function) {
  return [callback = Callback(function)](JobAttempt& attempt, Context& context) {
    const GilTaken gil;
    const auto lent = std::make_shared<PythonAttempt>(attempt);
    try {
      const py::object result =
          callback.function()(lent, "context"_a = std::make_shared<HostContext>(context, Signals::theirs));
      lent->take_back();
      return result.cast<std::string>();
    } catch (py::error_already_set& raised) {
      lent->take_back();
      throw_from_python(raised);
    }
  };
}

JobKinds kinds_for(const std::shared_ptr<Pipeline>& pipeline, const Handlers& handlers) {
  JobKinds kinds;
  if (pipeline) kinds = kinds_of(pipeline);
  for (const auto& [kind, handler] : handlers) kinds[kind] = JobKind{handler_of(handler)};
  return kinds;
}

std::unique_ptr<PythonEngine> make_engine(std::shared_ptr<JobStore> jobs, const std::shared_ptr<Pipeline>& pipeline,
                                          const Handlers& handlers, std::string worker, int workers, milliseconds lease,
                                          milliseconds sweep_every, milliseconds longest_attempt,
                                          milliseconds poll_least, milliseconds poll_most, milliseconds drain_horizon,
                                          const py::object& on_end, std::shared_ptr<Clock> clock) {
  LocalEngineOptions options;
  options.worker = std::move(worker);
  options.workers = workers;
  options.attempt.lease = lease;
  options.sweep.longest_attempt = longest_attempt;
  options.sweep_every = sweep_every;
  options.poll_least = poll_least;
  options.poll_most = poll_most;
  options.drain_horizon = drain_horizon;
  if (!on_end.is_none())
    options.on_end = [callback = Callback(on_end)](const Job& job, const AttemptReport& report) {
      const GilTaken gil;
      try {
        callback.function()(job, report);
      } catch (py::error_already_set& raised) {
        // Nobody up there could handle it: the attempt has ended already.
        raised.discard_as_unraisable("on_end of a LocalEngine");
      }
    };
  return std::make_unique<PythonEngine>(std::move(jobs), kinds_for(pipeline, handlers), std::move(options),
                                        std::move(clock));
}

void bind_reports(py::module_& module) {
  py::native_enum<AttemptEnd>(module, "AttemptEnd", "enum.Enum", "How an attempt ended.")
      .value("completed", AttemptEnd::completed)
      .value("failed", AttemptEnd::failed, "Or put back to pending, if attempts are left.")
      .value("cancelled", AttemptEnd::cancelled)
      .value("released", AttemptEnd::released, "Given back unharmed.")
      .value("lost", AttemptEnd::lost, "Another worker holds the job.")
      .value("abandoned", AttemptEnd::abandoned, "The store could not be told; sweep() takes the job back.")
      .finalize();
  bind_record<0, AttemptReport>(module, "AttemptReport", "What became of an attempt.",
                                field("end", &AttemptReport::end, "How it ended."),
                                field("failure", &AttemptReport::failure, "Why, unless it completed."));
  bind_record<0, EngineCounts>(
      module, "EngineCounts", "What an engine has done since it was made.",
      field("claimed", &EngineCounts::claimed, "Attempts begun."),
      field("completed", &EngineCounts::completed, "Jobs."), field("failed", &EngineCounts::failed, "Attempts."),
      field("cancelled", &EngineCounts::cancelled, "Jobs."), field("released", &EngineCounts::released, "Attempts."),
      field("lost", &EngineCounts::lost, "Attempts whose lease another worker got."),
      field("abandoned", &EngineCounts::abandoned, "Attempts whose end the store was not told."),
      field("swept", &EngineCounts::swept, "Jobs of dead workers that were taken back."),
      field("in_flight", &EngineCounts::in_flight, "Jobs being worked on now."),
      field("last_error", &EngineCounts::last_error, "The job store's last trouble; empty once it answers again."));
  py::native_enum<StopMode>(module, "StopMode", "enum.Enum", "What becomes of the jobs that run.")
      .value("finish", StopMode::finish, "They are finished first.")
      .value("release", StopMode::release, "They are given back unharmed.")
      .finalize();
}

void bind_engine(py::module_& module) {
  const LocalEngineOptions plain;
  py::class_<PythonEngine>(module, "LocalEngine", R"(
Runs jobs from a job store in threads of this process: claims, renews leases, sweeps. Many engines in many processes may
share a store.

Parameters
----------
jobs
    Where the jobs are.
pipeline
    Does the kinds "artwork", "mockup" and "listing".
handlers
    Other kinds: called as handler(attempt, context=…), returns the result, a JSON object.
worker
    Name of the lease holder. Empty: host, process and a random part.
workers
    Jobs at once.
lease, sweep_every, longest_attempt, poll_least, poll_most, drain_horizon
    Seconds.
on_end
    Called with (Job, AttemptReport) after each attempt, from the threads that work.)")
      .def(py::init(&make_engine), "jobs"_a, "pipeline"_a = nullptr, py::kw_only(), "handlers"_a = Handlers(),
           "worker"_a = "", "workers"_a = plain.workers, "lease"_a = plain.attempt.lease,
           "sweep_every"_a = plain.sweep_every, "longest_attempt"_a = plain.sweep.longest_attempt,
           "poll_least"_a = plain.poll_least, "poll_most"_a = plain.poll_most, "drain_horizon"_a = plain.drain_horizon,
           "on_end"_a = py::none(), py::arg_v("clock", make_system_clock(), "make_system_clock()"))
      .def("start", [](PythonEngine& self) { run([&] { self->start(); }); }, "Begins; no change if it runs.")
      .def(
          "stop", [](PythonEngine& self, StopMode mode) { run([&] { self->stop(mode); }); },
          "mode"_a = StopMode::finish, "Ends the threads, after the jobs or giving them back.")
      .def(
          "drain",
          [](PythonEngine& self, const ContextArgument& context) {
            run(context, [&](Context& inner) { self->drain(inner); });
          },
          py::kw_only(), "context"_a = nullptr, "Runs until no job of its kinds is due, then stops. CancelledError.")
      .def("nudge", [](PythonEngine& self) { run([&] { self->nudge(); }); }, "Looks for work at once.")
      .def_property_readonly(
          "counts", [](PythonEngine& self) { return run([&] { return self->counts(); }); }, "What it has done.");
}

void bind_archive(py::module_& module) {
  bind_record<0, ArchiveReport>(
      module, "ArchiveReport", "What archive_jobs() did.",
      field("archived", &ArchiveReport::archived, "Jobs that are in an object and no longer in the store."),
      field("kept", &ArchiveReport::kept, "Jobs that changed meanwhile and stayed."),
      field("objects", &ArchiveReport::objects, "What was written or found written, oldest last."));
  const ArchiveOptions plain;
  module.def(
      "archive_jobs",
      [](JobStore& jobs, ObjectStore& objects, milliseconds age, std::string prefix, int jobs_per_object,
         std::shared_ptr<Clock> clock, const ContextArgument& context) {
        ArchiveOptions options;
        options.age = std::chrono::duration_cast<std::chrono::hours>(age);
        options.prefix = std::move(prefix);
        options.jobs_per_object = jobs_per_object;
        options.clock = std::move(clock);
        return run(context, [&](Context& inner) { return archive_jobs(jobs, objects, options, inner); });
      },
      "jobs"_a, "objects"_a, py::kw_only(), "age"_a = milliseconds(plain.age), "prefix"_a = plain.prefix,
      "jobs_per_object"_a = plain.jobs_per_object, py::arg_v("clock", make_system_clock(), "make_system_clock()"),
      "context"_a = nullptr, R"(
Moves jobs that ended long ago into objects: written, read back and checked, and only then removed. Costs stay.

Parameters
----------
age
    Seconds since a job ended; whole hours count.
prefix
    Keys are <prefix>/<day>-<digest>.jsonl.gz.

Raises
------
CorruptDataError
    An object is not what was written; its jobs stay.)");
  module.def(
      "restore_jobs",
      [](JobStore& jobs, ObjectStore& objects, const std::string& key, const ContextArgument& context) {
        return run(context, [&](Context& inner) { return restore_jobs(jobs, objects, key, inner); });
      },
      "jobs"_a, "objects"_a, py::kw_only(), "key"_a, "context"_a = nullptr,
      "Brings the jobs of an archive object back, but for those that are there; returns how many were new.");
}

}  // namespace

void bind_local_engine(py::module_& module) {
  bind_reports(module);
  bind_engine(module);
  bind_archive(module);
}

}  // namespace vitrine::python
