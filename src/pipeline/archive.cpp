#include "vitrine/pipeline/archive.h"

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "jobs/cost_sums.h"
#include "jobs/job_export.h"
#include "pipeline/gzip_stream.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr int kPage = 100;
constexpr std::size_t kMostText = 32u << 20u;
constexpr std::size_t kMostObject = 128u << 20u;

// Every byte of a text doubles when it is quoted, and one job more than kMostText may be in it.
constexpr std::uint64_t kMostUnpacked = 4 * kMostText;

constexpr char kMediaType[] = "application/gzip";

void require_options(const ArchiveOptions& options) {
  constexpr std::chrono::hours kTenYears{24 * 3653};
  if (options.age.count() < 0 || options.age > kTenYears)
    throw std::invalid_argument("ArchiveOptions::age is " + std::to_string(options.age.count()) +
                                " hours; it must be 0 to 87672, which is ten years.");
  if (options.jobs_per_object < 1 || options.jobs_per_object > 100'000)
    throw std::invalid_argument("ArchiveOptions::jobs_per_object is " + std::to_string(options.jobs_per_object) +
                                "; it must be 1 to 100000.");
  if (options.clock == nullptr) throw std::invalid_argument("ArchiveOptions::clock is missing.");
  require_object_key(options.prefix + "/x");
}

// What remove_unchanged() looks at.
Job trace_of(const Job& job) {
  Job trace;
  trace.id = job.id;
  trace.state = job.state;
  trace.attempt = job.attempt;
  trace.updated_at = job.updated_at;
  trace.finished_at = job.finished_at;
  return trace;
}

/// Jobs on their way into one object.
class Pack {
 public:
  Pack() : sink_(make_memory_sink(bytes_, kMostObject)), gzip_(*sink_), writer_(gzip_) {}

  void add(const Job& job) {
    if (traces_.empty()) day_ = day_of(job.created_at);
    writer_.write(job);
    names_.update(bytes_of(job.id + " " + std::to_string(job.updated_at.time_since_epoch().count()) + "\n"));
    text_ += job.request.size() + job.journal.size() + job.result.size();
    traces_.push_back(trace_of(job));
  }

  bool is_full(int most) const { return std::ssize(traces_) >= most || text_ >= kMostText; }
  const std::vector<Job>& traces() const { return traces_; }

  /// What goes into the store, and its key: the same jobs as they are now always get the same key, so that an archiver
  /// that comes after one that died finds what it wrote.
  struct Sealed {
    std::string key;
    Bytes bytes;
  };
  Sealed seal(const std::string& prefix) {
    writer_.finish();
    gzip_.finish();
    return {prefix + "/" + day_ + "-" + names_.hex_digest().substr(0, 32) + ".jsonl.gz", std::move(bytes_)};
  }

 private:
  static ByteView bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  Bytes bytes_;
  std::unique_ptr<ByteSink> sink_;
  GzipSink gzip_;
  JobExportWriter writer_;
  Sha256 names_;
  std::string day_;
  std::size_t text_ = 0;
  std::vector<Job> traces_;
};

// The object if it is new, or the one that another archiver wrote.
ObjectRef put_or_find(ObjectStore& objects, const Pack::Sealed& sealed, Context& context) {
  PutOptions options;
  options.media_type = kMediaType;
  try {
    return objects.put(sealed.key, sealed.bytes, options, context);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict) throw;
  }
  const auto found = objects.head(sealed.key, context);
  if (!found) throw Error(ErrorCode::unavailable, "'" + sealed.key + "' came and went meanwhile. Archive again.");
  return found->ref;
}

// Reads the object from its store, not from memory, and gives the jobs that are in it.
std::map<std::string, Job> jobs_in(ObjectStore& objects, const std::string& key, Context& context) {
  const Bytes bytes = objects.get(key, context, kMostObject);
  const auto source = make_memory_source(bytes);
  GzipSource text(*source, kMostUnpacked);
  JobExportReader reader(text);
  std::map<std::string, Job> jobs;
  try {
    while (const auto record = reader.next(context))
      if (const auto* job = std::get_if<Job>(&*record)) jobs.emplace(job->id, trace_of(*job));
  } catch (const Error& error) {
    throw about(key, error);
  }
  return jobs;
}

// Those that are in the object as they are in the store.
std::vector<Job> safe_to_remove(const Pack& pack, const std::map<std::string, Job>& archived) {
  std::vector<Job> safe;
  for (const auto& job : pack.traces()) {
    const auto found = archived.find(job.id);
    if (found != archived.end() && found->second.updated_at == job.updated_at) safe.push_back(job);
  }
  return safe;
}

// A page at a time, so that workers get their turn in between.
int remove(JobStore& jobs, const std::vector<Job>& safe, Context& context) {
  int removed = 0;
  for (auto piece = safe.begin(); piece != safe.end();) {
    const auto end = piece + std::min<std::ptrdiff_t>(kPage, safe.end() - piece);
    removed += jobs.remove_unchanged({piece, end}, context);
    piece = end;
  }
  return removed;
}

/// The next jobs to go, page by page.
class OldJobs {
 public:
  OldJobs(JobStore& store, Timestamp before) : store_(store) {
    filter_.states = {JobState::completed, JobState::failed, JobState::cancelled};
    filter_.finished_until = before;
    filter_.created_until =
        before;  // spares reading the younger ones; only a clock that jumped ends a job before it began
  }

  std::optional<Job> next(Context& context) {
    if (at_ == page_.jobs.size() && (is_first_ || page_.next)) {
      page_ = store_.list(filter_, is_first_ ? std::nullopt : page_.next, kPage, context);
      is_first_ = false;
      at_ = 0;
    }
    if (at_ == page_.jobs.size()) return std::nullopt;
    return std::move(page_.jobs[at_++]);
  }

 private:
  JobStore& store_;
  JobFilter filter_;
  JobPage page_;
  std::size_t at_ = 0;
  bool is_first_ = true;
};

Timestamp oldest_to_keep(const ArchiveOptions& options) {
  return std::max(Timestamp{}, options.clock->now() - options.age);
}

}  // namespace

ArchiveReport archive_jobs(JobStore& jobs, ObjectStore& objects, const ArchiveOptions& options, Context& context) {
  require_options(options);
  ArchiveReport report;
  OldJobs old(jobs, oldest_to_keep(options));
  for (auto job = old.next(context); job;) {
    Pack pack;
    for (; job && !pack.is_full(options.jobs_per_object); job = old.next(context)) pack.add(*job);
    const auto sealed = pack.seal(options.prefix);
    report.objects.push_back(put_or_find(objects, sealed, context));
    const int removed = remove(jobs, safe_to_remove(pack, jobs_in(objects, sealed.key, context)), context);
    report.archived += removed;
    report.kept += static_cast<int>(std::ssize(pack.traces())) - removed;
  }
  return report;
}

std::int64_t restore_jobs(JobStore& jobs, ObjectStore& objects, std::string_view key, Context& context) {
  const Bytes bytes = objects.get(key, context, kMostObject);
  const auto source = make_memory_source(bytes);
  GzipSource text(*source, kMostUnpacked);
  try {
    return jobs.import_from(text, context);
  } catch (const Error& error) {
    throw about(key, error);
  }
}

}  // namespace vitrine
