#include "vitrine/jobs/job.h"

#include <pybind11/pybind11.h>

#include "bindings.h"
#include "casters.h"
#include "record.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job_store.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

void bind_words(py::module_& module) {
  py::native_enum<JobState>(module, "JobState", "enum.Enum", "Where a job stands.")
      .value("pending", JobState::pending)
      .value("processing", JobState::processing)
      .value("completed", JobState::completed)
      .value("failed", JobState::failed)
      .value("cancelled", JobState::cancelled)
      .finalize();
  py::native_enum<CostGrouping>(module, "CostGrouping", "enum.Enum", "What costs are summed by.")
      .value("none", CostGrouping::none)
      .value("day", CostGrouping::day, "UTC.")
      .value("model", CostGrouping::model)
      .value("job", CostGrouping::job)
      .finalize();
}

void bind_parts(py::module_& module) {
  bind_record<0, Lease>(module, "Lease", "The right to work on a job for a while.",
                        secret("token", &Lease::token, "Random, new for each claim: it fences off earlier holders."),
                        field("worker", &Lease::worker, "Who holds it."),
                        field("expires_at", &Lease::expires_at, "UTC."));
  bind_record<2, Failure>(module, "Failure", "Why an attempt failed, as it is shown to users.",
                          required("code", &Failure::code, "An ErrorCode's name, or a word of the caller's."),
                          required("message", &Failure::message, "A sentence, with what to do next."),
                          field("retryable", &Failure::retryable, "True if another attempt makes sense."),
                          field("retry_after", &Failure::retry_after, "Seconds; None: back-off by attempt."));
}

void bind_job(py::module_& module) {
  bind_record<1, NewJob>(
      module, "NewJob", "What a caller asks for.",
      required("kind", &NewJob::kind, "\"artwork\", \"mockup\", \"listing\", or your own: [a-z0-9_-]{1,64}."),
      field("request", &NewJob::request, "A JSON object: references and settings, never image bytes."),
      field("client_key", &NewJob::client_key, "Makes create() idempotent; empty: every call makes a new job."),
      field("priority", &NewJob::priority, "Higher first."), field("max_attempts", &NewJob::max_attempts, "1 to 100."),
      field("not_before", &NewJob::not_before, "Not claimed before this time."));
  bind_record<0, Job>(
      module, "Job", "A job as stored. JSON texts are objects and stay as they were given.",
      required("id", &Job::id, "Given by the store."), required("kind", &Job::kind, "What kind of work it is."),
      field("state", &Job::state, "Where it stands."), field("request", &Job::request, "A JSON object."),
      field("journal", &Job::journal, "A JSON object: what lets the next attempt go on, not start over."),
      field("result", &Job::result, "A JSON object, set by complete()."),
      field("failure", &Job::failure, "Of the last failed attempt."),
      field("client_key", &Job::client_key, "As given to create()."),
      field("priority", &Job::priority, "Higher first."),
      field("attempt", &Job::attempt, "Counts claims: 1 for the first."),
      field("max_attempts", &Job::max_attempts, "1 to 100."), field("progress", &Job::progress, "In [0, 1]."),
      field("cancel_requested", &Job::cancel_requested, "The holder should stop."),
      field("created_at", &Job::created_at, "UTC."), field("updated_at", &Job::updated_at, "UTC."),
      field("not_before", &Job::not_before, "UTC."), field("started_at", &Job::started_at, "Of the latest attempt."),
      field("finished_at", &Job::finished_at, "UTC."),
      field("lease", &Job::lease, "While processing; only a claim sees its token."));
  bind_record<0, JobFilter>(module, "JobFilter", "Which jobs; an empty field matches all.",
                            field("states", &JobFilter::states, "Any of these."),
                            field("kind", &JobFilter::kind, "Only this kind."),
                            field("created_from", &JobFilter::created_from, "Inclusive."),
                            field("created_until", &JobFilter::created_until, "Exclusive."),
                            field("finished_until", &JobFilter::finished_until, "Exclusive."));
  bind_record<0, JobPage>(module, "JobPage", "A page of jobs, newest first.",
                          field("jobs", &JobPage::jobs, "At most as many as asked for."),
                          field("next", &JobPage::next, "Pass it as `after` for the next page; None at the end."));
}

void bind_reports(py::module_& module) {
  bind_record<0, Pulse>(module, "Pulse", "Told to the holder by a heartbeat.",
                        field("lease_expires_at", &Pulse::lease_expires_at, "UTC."),
                        field("cancel_requested", &Pulse::cancel_requested, "True if the holder should stop."));
  bind_record<0, SweepReport>(
      module, "SweepReport", "What a sweep did.",
      field("requeued", &SweepReport::requeued, "Their leases ran out; they may be claimed again."),
      field("failed", &SweepReport::failed, "They had no attempt left."),
      field("cancelled", &SweepReport::cancelled, "They ran out while a cancel was asked for."));
}

void bind_costs(py::module_& module) {
  bind_record<0, CostEntry>(
      module, "CostEntry", "One line in the ledger.",
      required("id", &CostEntry::id, "The task it pays for: written once, then settled, never added twice."),
      required("amount", &CostEntry::amount, "In micro-USD."),
      field("job_id", &CostEntry::job_id, "May be empty: a picture made by hand."),
      field("service", &CostEntry::service, "\"bfl\", \"gcs\", …"),
      field("operation", &CostEntry::operation, "\"generate\", …"), field("model", &CostEntry::model, "Who made it."),
      field("settled", &CostEntry::settled, "False: an estimate."), field("at", &CostEntry::at, "UTC."));
  bind_record<0, CostFilter>(module, "CostFilter", "Which costs; an empty field matches all.",
                             field("job_id", &CostFilter::job_id, "Only this job."),
                             field("from_time", &CostFilter::from, "Inclusive."),
                             field("until", &CostFilter::until, "Exclusive."));
  bind_record<0, CostSum>(module, "CostSum", "A sum over the entries of one day, model or job.",
                          field("group", &CostSum::group, "Empty for a sum over all."),
                          field("settled", &CostSum::settled, "In micro-USD."),
                          field("estimated", &CostSum::estimated, "In micro-USD."),
                          field("entries", &CostSum::entries, "How many."));
}

}  // namespace

void bind_jobs(py::module_& module) {
  bind_words(module);
  bind_parts(module);
  bind_job(module);
  bind_reports(module);
  bind_costs(module);
}

}  // namespace vitrine::python
