#include "jobs/job_import.h"

#include <set>
#include <utility>
#include <variant>

#include "jobs/job_export.h"

namespace vitrine {

Error twice_in_export() {
  return {ErrorCode::corrupt_data,
          "The export holds a job, client key or cost entry twice. Nothing was stored. Make the export again or use "
          "another copy."};
}

ExportedRecords read_whole_export(ByteSource& source, Context& context) {
  ExportedRecords all;
  std::set<std::string> client_keys;
  JobExportReader reader(source);
  while (auto record = reader.next(context)) {
    bool is_new = true;
    if (auto* job = std::get_if<Job>(&*record)) {
      if (!job->client_key.empty()) is_new = client_keys.insert(job->client_key).second;
      is_new = all.jobs.emplace(job->id, std::move(*job)).second && is_new;
    } else if (auto* entry = std::get_if<CostEntry>(&*record)) {
      is_new = all.costs.emplace(entry->id, std::move(*entry)).second;
    }
    if (!is_new) throw twice_in_export();
  }
  return all;
}

}  // namespace vitrine
