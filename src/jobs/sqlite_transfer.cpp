#include "jobs/sqlite_transfer.h"

#include <utility>
#include <variant>

#include "jobs/job_export.h"
#include "jobs/job_filter.h"
#include "jobs/job_import.h"
#include "jobs/job_transitions.h"
#include "jobs/sqlite_job_rows.h"
#include "jobs/sqlite_lists.h"
#include "jobs/sqlite_queries.h"
#include "jobs/sqlite_schema.h"

namespace vitrine {
namespace {

// Records moved in one transaction: some milliseconds.
constexpr std::int64_t kPiece = 500;

void bind_export_filter(SqliteQuery& query, const SqliteFilter& filter, const std::string& kind) {
  filter.bind(query);
  query.bind(kind);
}

void export_costs(SqliteConnection& connection, JobExportWriter& writer, const JobFilter& filter, Context& context) {
  const bool all = is_empty(filter);
  const SqliteFilter bound(filter);
  SqliteQuery query = connection.query(all ? sqlite::kExportCosts : sqlite::kExportCostsOfJobs);
  if (!all) bind_export_filter(query, bound, filter.kind);
  while (query.step()) {
    context.check();
    writer.write(cost_row(query));
  }
}

void make_staging_tables(SqliteConnection& connection) {
  connection.execute(
      "CREATE TEMP TABLE staged_jobs " VITRINE_SQLITE_JOB_TABLE
      ";"
      "CREATE UNIQUE INDEX temp.staged_client_keys ON staged_jobs (client_key) WHERE client_key IS NOT NULL;"
      "CREATE TEMP TABLE staged_costs " VITRINE_SQLITE_COST_TABLE ";");
}

void stage(SqliteConnection& connection, const Job& job, Timestamp now) {
  const StoredJob stored = job.state == JobState::processing ? taken_back({job, {}}, now) : StoredJob{job, {}};
  SqliteQuery query = connection.query(sqlite::kStageJob);
  bind_new_job(query, stored, now);
  query.run();
}

void stage(SqliteConnection& connection, const CostEntry& entry, Timestamp) {
  SqliteQuery query = connection.query(sqlite::kStageCost);
  bind_cost(query, entry);
  query.run();
}

void stage_all(SqliteConnection& connection, ByteSource& source, Timestamp now, Context& context) {
  // A read transaction: it takes no lock on the file, and writes to temporary tables are quick in it.
  SqliteTransaction transaction(connection, SqliteTransaction::Kind::read, context);
  JobExportReader reader(source);
  while (const auto record = reader.next(context)) {
    try {
      std::visit([&](const auto& each) { stage(connection, each, now); }, *record);
    } catch (const Error&) {
      if ((sqlite3_errcode(connection.handle()) & 0xff) == SQLITE_CONSTRAINT) throw twice_in_export();
      throw;
    }
  }
  transaction.commit();
}

// Moves the rows of a temporary table, the last first.
std::int64_t take(SqliteWriter& writer, const char* sql, std::int64_t rows, Context& context) {
  std::int64_t added = 0;
  for (std::int64_t end = rows; end > 0; end -= kPiece)
    added += writer.write(context, [&](SqliteConnection& connection) {
      return connection.query(sql).bind(end - kPiece).bind(end).run();
    });
  return added;
}

}  // namespace

void export_jobs(SqliteConnection& connection, ByteSink& sink, const JobFilter& filter, Context& context) {
  JobExportWriter writer(sink);
  const SqliteFilter bound(filter);
  {
    SqliteQuery query = connection.query(sqlite::kExportJobs);
    bind_export_filter(query, bound, filter.kind);
    while (query.step()) {
      context.check();
      writer.write(job_row(query).stored.job);
    }
  }
  export_costs(connection, writer, filter, context);
  writer.finish();
}

std::int64_t import_jobs(SqliteWriter& writer, ByteSource& source, Timestamp now, Context& context) {
  SqliteConnection& connection = writer.connection();
  make_staging_tables(connection);
  stage_all(connection, source, now, context);
  const std::int64_t jobs = connection.number("SELECT max(seq) FROM temp.staged_jobs");
  const std::int64_t costs = connection.number("SELECT max(seq) FROM temp.staged_costs");
  const std::int64_t added = take(writer, sqlite::kTakeStagedJobs, jobs, context);
  return added + take(writer, sqlite::kTakeStagedCosts, costs, context);
}

}  // namespace vitrine
