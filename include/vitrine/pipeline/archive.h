#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

struct ArchiveOptions {
  std::chrono::hours age = std::chrono::hours(30 * 24);  ///< Jobs that ended longer ago go; 0 to ten years.
  std::string prefix = "archive/jobs";                   ///< Keys are <prefix>/<day>-<digest>.jsonl.gz.
  int jobs_per_object = 10'000;                          ///< 1 to 100000. An object also ends at 32 MiB of text.
  std::shared_ptr<Clock> clock = make_system_clock();
};

struct ArchiveReport {
  int archived = 0;                ///< Jobs that are in an object and no longer in the store.
  int kept = 0;                    ///< Jobs that changed meanwhile and stayed.
  std::vector<ObjectRef> objects;  ///< What was written or found written, oldest last.
};

/// Moves jobs that ended long ago into objects: exports (see JobStore::export_to) in gzip. Each object is written
/// first, read back and checked, and only then its jobs are removed, unless they changed meanwhile; so it may be
/// stopped at any moment and run again, also by several at once: a job may then be in two objects, never in none. Costs
/// stay in the ledger. Holds one object in memory. Throws Error: those of both stores; corrupt_data names an object
/// that is not what was written, and its jobs stay.
VITRINE_EXPORT ArchiveReport archive_jobs(JobStore& jobs, ObjectStore& objects, const ArchiveOptions& options,
                                          Context& context);

/// Brings the jobs of an object back, but for those that are there; returns how many were new. The object stays: the
/// next archive_jobs() finds it and removes the jobs again. Throws Error: not_found, corrupt_data (nothing was stored).
VITRINE_EXPORT std::int64_t restore_jobs(JobStore& jobs, ObjectStore& objects, std::string_view key, Context& context);

}  // namespace vitrine
