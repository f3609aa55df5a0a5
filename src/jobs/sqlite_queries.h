#pragma once

namespace vitrine::sqlite {

// What a store asks its file, so that a test can ask how it is answered. INDEXED BY fixes the index: a planner that
// goes by statistics has taken the wrong one.

#define VITRINE_SQLITE_JOB_COLUMNS                                                                                     \
  "id, kind, state, is_due, priority, attempt, max_attempts, cancel_requested, progress, created_us, updated_us, "     \
  "not_before_us, started_us, finished_us, lease_token, lease_worker, lease_until_us, failure_code, failure_message, " \
  "failure_retryable, failure_retry_after_ms, client_key, request, journal, result"

// States that few jobs are in, or for a short time. An index of them is used only where this is said in so many words.
#define VITRINE_SQLITE_BEGUN "(state = 'processing' OR state = 'failed' OR state = 'cancelled')"

// The rest of a filter, once kind is dealt with: ?1 the names of its states, ?2 ?3 ?4 its times.
#define VITRINE_SQLITE_FILTER                                                   \
  "instr(?1, ',' || state || ',') > 0 AND created_us >= ?2 AND created_us < ?3" \
  " AND (?4 IS NULL OR finished_us < ?4)"

// --- one job ---
inline constexpr char kJobOfId[] = "SELECT " VITRINE_SQLITE_JOB_COLUMNS ", seq FROM jobs WHERE id = ?1";
inline constexpr char kJobOfSeq[] = "SELECT " VITRINE_SQLITE_JOB_COLUMNS ", seq FROM jobs WHERE seq = ?1";
inline constexpr char kJobOfClientKey[] = "SELECT " VITRINE_SQLITE_JOB_COLUMNS ", seq FROM jobs WHERE client_key = ?1";
inline constexpr char kAddJob[] =
    "INSERT INTO jobs (" VITRINE_SQLITE_JOB_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// Everything that can change. Touches the indexes of states; the next two do not.
inline constexpr char kSaveJob[] =
    "UPDATE jobs SET state = ?, is_due = ?, attempt = ?, cancel_requested = ?, progress = ?, updated_us = ?,"
    " not_before_us = ?, started_us = ?, finished_us = ?, lease_token = ?, lease_worker = ?, lease_until_us = ?,"
    " failure_code = ?, failure_message = ?, failure_retryable = ?, failure_retry_after_ms = ?, result = ?"
    " WHERE seq = ?";
inline constexpr char kCompleteJob[] =
    "UPDATE jobs SET state = 'completed', result = ?3, progress = 1, updated_us = ?4, finished_us = ?4,"
    " lease_worker = NULL, lease_until_us = NULL, failure_code = NULL, failure_message = NULL, failure_retryable = "
    "NULL,"
    " failure_retry_after_ms = NULL WHERE id = ?1 AND state = 'processing' AND lease_token = ?2";
inline constexpr char kSavePulse[] = "UPDATE jobs SET progress = ?, lease_until_us = ?, updated_us = ? WHERE seq = ?";
inline constexpr char kSaveJournal[] = "UPDATE jobs SET journal = ?, updated_us = ? WHERE seq = ?";
inline constexpr char kRemoveEnded[] = "DELETE FROM jobs WHERE id = ?1 AND finished_us IS NOT NULL";
inline constexpr char kRemoveUnchanged[] =
    "DELETE FROM jobs WHERE id = ?1 AND finished_us = ?2 AND updated_us = ?3 AND state = ?4 AND attempt = ?5";

// --- claims ---
inline constexpr char kAnyToMakeDue[] =
    "SELECT 1 FROM jobs INDEXED BY jobs_waiting WHERE state = 'pending' AND is_due = 0 AND not_before_us <= ?1 LIMIT 1";
// Bounded, so that a million jobs that come due at once hold nobody up; the rest follows with the next claims.
inline constexpr char kMakeDue[] =
    "UPDATE jobs SET is_due = 1 WHERE seq IN (SELECT seq FROM jobs INDEXED BY jobs_waiting"
    " WHERE state = 'pending' AND is_due = 0 AND not_before_us <= ?1 ORDER BY not_before_us LIMIT 10000)";
inline constexpr char kNextDueKind[] =
    "SELECT kind FROM jobs INDEXED BY jobs_due WHERE is_due = 1 AND kind > ?1 ORDER BY kind LIMIT 1";
// The time is asked for again: a clock that went back, or another process's, has made it due too early.
inline constexpr char kDueOfKind[] =
    "SELECT priority, created_us, seq FROM jobs INDEXED BY jobs_due WHERE is_due = 1 AND kind = ?1"
    " AND not_before_us <= ?2 ORDER BY priority DESC, created_us, seq LIMIT ?3";
inline constexpr char kOverdue[] =
    "SELECT seq FROM jobs INDEXED BY jobs_begun WHERE " VITRINE_SQLITE_BEGUN
    " AND state = 'processing'"
    " AND (lease_until_us IS NULL OR lease_until_us <= ?1 OR started_us IS NULL OR started_us < ?2) LIMIT ?3";

// --- lists ---
inline constexpr char kNextKind[] =
    "SELECT kind FROM jobs INDEXED BY jobs_by_age WHERE kind > ?1 ORDER BY kind LIMIT 1";
// Newest first, from behind (?6, ?7) on.
inline constexpr char kPageOfKind[] =
    "SELECT created_us, seq FROM jobs INDEXED BY jobs_by_age WHERE " VITRINE_SQLITE_FILTER
    " AND kind = ?5 AND (created_us, seq) < (?6, ?7) ORDER BY created_us DESC, seq DESC LIMIT ?8";
// The same for those that wait for a claim: all of the kind are looked at, and the newest kept.
inline constexpr char kPageOfDue[] =
    "SELECT created_us, seq FROM jobs INDEXED BY jobs_due WHERE is_due = 1 AND " VITRINE_SQLITE_FILTER
    " AND kind = ?5 AND (created_us, seq) < (?6, ?7) ORDER BY created_us DESC, seq DESC LIMIT ?8";
inline constexpr char kPageOfWaiting[] =
    "SELECT created_us, seq FROM jobs INDEXED BY jobs_waiting WHERE state = 'pending' AND is_due = 0"
    " AND " VITRINE_SQLITE_FILTER
    " AND kind = ?5 AND (created_us, seq) < (?6, ?7) ORDER BY created_us DESC, seq DESC LIMIT ?8";
// The same for one state of VITRINE_SQLITE_BEGUN, ?9.
inline constexpr char kPageOfState[] =
    "SELECT created_us, seq FROM jobs INDEXED BY jobs_begun WHERE " VITRINE_SQLITE_BEGUN
    " AND state = ?9"
    " AND " VITRINE_SQLITE_FILTER
    " AND kind = ?5 AND (created_us, seq) < (?6, ?7) ORDER BY created_us DESC, seq DESC LIMIT ?8";
inline constexpr char kCountOfKind[] =
    "SELECT count(*) FROM jobs INDEXED BY jobs_by_age WHERE " VITRINE_SQLITE_FILTER " AND kind = ?5";
inline constexpr char kCountAllOfKind[] = "SELECT count(*) FROM jobs INDEXED BY jobs_by_age WHERE kind = ?1";
inline constexpr char kCountOfState[] =
    "SELECT count(*) FROM jobs INDEXED BY jobs_begun WHERE " VITRINE_SQLITE_BEGUN " AND state = ?2 AND kind = ?1";
inline constexpr char kCountDue[] = "SELECT count(*) FROM jobs INDEXED BY jobs_due WHERE is_due = 1 AND kind = ?1";
inline constexpr char kCountWaiting[] =
    "SELECT count(*) FROM jobs INDEXED BY jobs_waiting WHERE state = 'pending' AND is_due = 0 AND kind = ?1";

// --- export and import ---
inline constexpr char kExportJobs[] =
    "SELECT " VITRINE_SQLITE_JOB_COLUMNS ", seq FROM jobs WHERE " VITRINE_SQLITE_FILTER
    " AND (?5 = '' OR kind = ?5) ORDER BY seq DESC";
inline constexpr char kStageJob[] =
    "INSERT INTO temp.staged_jobs (" VITRINE_SQLITE_JOB_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// Backwards: an export has the newest first, and seq is to grow with age.
inline constexpr char kTakeStagedJobs[] =
    "INSERT INTO main.jobs (" VITRINE_SQLITE_JOB_COLUMNS ") SELECT " VITRINE_SQLITE_JOB_COLUMNS
    " FROM temp.staged_jobs AS staged WHERE seq > ?1 AND seq <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM main.jobs WHERE jobs.id = staged.id)"
    " AND NOT EXISTS (SELECT 1 FROM main.jobs WHERE jobs.client_key = staged.client_key) ORDER BY seq DESC";

// --- costs ---
#define VITRINE_SQLITE_COST_COLUMNS "id, job_id, service, operation, model, micro_usd, settled, at_us"

inline constexpr char kCostOfId[] = "SELECT " VITRINE_SQLITE_COST_COLUMNS " FROM costs WHERE id = ?1";
inline constexpr char kAddCost[] =
    "INSERT INTO costs (" VITRINE_SQLITE_COST_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kSettleCost[] = "UPDATE costs SET micro_usd = ?2, settled = ?3 WHERE id = ?1";
inline constexpr char kCostsByTime[] = "SELECT " VITRINE_SQLITE_COST_COLUMNS
                                       " FROM costs INDEXED BY costs_by_time WHERE at_us >= ?1 AND at_us < ?2"
                                       " AND (at_us, id) > (?3, ?4) ORDER BY at_us, id LIMIT ?5";
inline constexpr char kCostsOfJob[] = "SELECT " VITRINE_SQLITE_COST_COLUMNS
                                      " FROM costs INDEXED BY costs_by_job WHERE at_us >= ?1 AND at_us < ?2"
                                      " AND (at_us, id) > (?3, ?4) AND job_id = ?6 ORDER BY at_us, id LIMIT ?5";
// Sums of what lies in the times ?1 to ?2, and belongs to job ?3.
#define VITRINE_SQLITE_SUM_OF(group)                           \
  "SELECT " group                                              \
  ", coalesce(sum(CASE settled WHEN 1 THEN micro_usd END), 0)" \
  ", coalesce(sum(CASE settled WHEN 0 THEN micro_usd END), 0)" \
  ", count(*) FROM costs WHERE at_us >= ?1 AND at_us < ?2"
inline constexpr char kSumAll[] = VITRINE_SQLITE_SUM_OF("''");
inline constexpr char kSumByDay[] = VITRINE_SQLITE_SUM_OF("at_us / 86400000000") " GROUP BY 1 ORDER BY 1";
inline constexpr char kSumByModel[] = VITRINE_SQLITE_SUM_OF("model") " GROUP BY 1 ORDER BY 1";
inline constexpr char kSumByJob[] = VITRINE_SQLITE_SUM_OF("job_id") " GROUP BY 1 ORDER BY 1";
inline constexpr char kSumAllOfJob[] = VITRINE_SQLITE_SUM_OF("''") " AND job_id = ?3";
inline constexpr char kSumByDayOfJob[] =
    VITRINE_SQLITE_SUM_OF("at_us / 86400000000") " AND job_id = ?3 GROUP BY 1 ORDER BY 1";
inline constexpr char kSumByModelOfJob[] = VITRINE_SQLITE_SUM_OF("model") " AND job_id = ?3 GROUP BY 1 ORDER BY 1";
inline constexpr char kSumByJobOfJob[] = VITRINE_SQLITE_SUM_OF("job_id") " AND job_id = ?3 GROUP BY 1 ORDER BY 1";
inline constexpr char kExportCosts[] =
    "SELECT " VITRINE_SQLITE_COST_COLUMNS " FROM costs INDEXED BY costs_by_time ORDER BY at_us, id";
inline constexpr char kExportCostsOfJobs[] =
    "SELECT " VITRINE_SQLITE_COST_COLUMNS
    " FROM costs INDEXED BY costs_by_time WHERE EXISTS (SELECT 1 FROM jobs WHERE jobs.id = costs.job_id"
    " AND " VITRINE_SQLITE_FILTER " AND (?5 = '' OR kind = ?5)) ORDER BY at_us, id";
inline constexpr char kStageCost[] =
    "INSERT INTO temp.staged_costs (" VITRINE_SQLITE_COST_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr char kTakeStagedCosts[] =
    "INSERT INTO main.costs (" VITRINE_SQLITE_COST_COLUMNS ") SELECT " VITRINE_SQLITE_COST_COLUMNS
    " FROM temp.staged_costs AS staged WHERE seq > ?1 AND seq <= ?2"
    " AND NOT EXISTS (SELECT 1 FROM main.costs WHERE costs.id = staged.id) ORDER BY seq";

}  // namespace vitrine::sqlite
