#pragma once

#include <cstdint>

#include "jobs/sqlite_connection.h"
#include "jobs/sqlite_writer.h"
#include "vitrine/base/byte_stream.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Writes an export as of the moment that the caller's transaction sees. A record at a time is in memory.
void export_jobs(SqliteConnection& connection, ByteSink& sink, const JobFilter& filter, Context& context);

/// Reads an export to its end into temporary tables, which touch nobody, and once all of it is right moves it over in
/// pieces, so that workers get their turn in between. Returns how many records were new. `writer` is for this alone.
std::int64_t import_jobs(SqliteWriter& writer, ByteSource& source, Timestamp now, Context& context);

}  // namespace vitrine
