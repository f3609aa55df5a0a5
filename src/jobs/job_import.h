#pragma once

#include <map>
#include <string>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// What an export holds, by id.
struct ExportedRecords {
  std::map<std::string, Job> jobs;
  std::map<std::string, CostEntry> costs;
};

/// What an import says of an export that holds something twice.
Error twice_in_export();

/// Reads an export to its end. Throws Error `corrupt_data` unless all of it is right and no id or client key comes
/// twice.
ExportedRecords read_whole_export(ByteSource& source, Context& context);

}  // namespace vitrine
