#include "jobs/job_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "jobs/job_rules.h"

namespace vitrine {
namespace {

using nlohmann::ordered_json;
using Json = nlohmann::json;
using std::chrono::microseconds;
using std::chrono::milliseconds;

std::int64_t number_of(Timestamp time) { return time.time_since_epoch().count(); }

// get<int64_t>() would take a fraction, or a number that does not fit, and give something else.
std::int64_t whole_number_of(const Json& number, std::int64_t least, std::int64_t most) {
  if (!number.is_number_integer() || (number.is_number_unsigned() && number.get<std::uint64_t>() > INT64_MAX) ||
      number.get<std::int64_t>() < least || number.get<std::int64_t>() > most)
    throw std::invalid_argument("A value is not a whole number, or out of range.");
  return number.get<std::int64_t>();
}

Timestamp time_of(const Json& number) { return Timestamp(microseconds(whole_number_of(number, INT64_MIN, INT64_MAX))); }

int int_of(const Json& number) { return static_cast<int>(whole_number_of(number, INT32_MIN, INT32_MAX)); }

void put_time(ordered_json& fields, const char* name, std::optional<Timestamp> time) {
  if (time) fields[name] = number_of(*time);
}

std::optional<Timestamp> optional_time(const Json& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return time_of(*found);
}

ordered_json to_json(const Failure& failure) {
  ordered_json fields{{"code", failure.code}, {"message", failure.message}, {"retryable", failure.retryable}};
  if (failure.retry_after) fields["retry_after_ms"] = failure.retry_after->count();
  return fields;
}

Failure failure_of(const Json& fields) {
  Failure failure{fields.at("code").get<std::string>(),
                  fields.at("message").get<std::string>(),
                  fields.at("retryable").get<bool>(),
                  {}};
  if (fields.contains("retry_after_ms")) failure.retry_after = milliseconds(int_of(fields.at("retry_after_ms")));
  return kept(std::move(failure));
}

JobState state_of(const Json& name) {
  const auto state = job_state_of(name.get<std::string>());
  if (!state) throw std::invalid_argument("A job's state is none of ours.");
  return *state;
}

}  // namespace

ordered_json to_json(const Job& job) {
  ordered_json fields{{"id", job.id},
                      {"kind", job.kind},
                      {"state", name_of(job.state)},
                      {"request", job.request},
                      {"journal", job.journal},
                      {"result", job.result},
                      {"client_key", job.client_key},
                      {"priority", job.priority},
                      {"attempt", job.attempt},
                      {"max_attempts", job.max_attempts},
                      {"progress", job.progress},
                      {"cancel_requested", job.cancel_requested}};
  if (job.failure) fields["failure"] = to_json(*job.failure);
  put_time(fields, "created_us", job.created_at);
  put_time(fields, "updated_us", job.updated_at);
  put_time(fields, "not_before_us", job.not_before);
  put_time(fields, "started_us", job.started_at);
  put_time(fields, "finished_us", job.finished_at);
  return fields;
}

Job job_of(const Json& fields) {
  Job job;
  job.id = fields.at("id").get<std::string>();
  job.kind = fields.at("kind").get<std::string>();
  job.state = state_of(fields.at("state"));
  job.request = fields.at("request").get<std::string>();
  job.journal = fields.at("journal").get<std::string>();
  job.result = fields.at("result").get<std::string>();
  job.client_key = fields.at("client_key").get<std::string>();
  job.priority = int_of(fields.at("priority"));
  job.attempt = int_of(fields.at("attempt"));
  job.max_attempts = int_of(fields.at("max_attempts"));
  job.progress = fields.at("progress").get<double>();
  job.cancel_requested = fields.at("cancel_requested").get<bool>();
  if (fields.contains("failure")) job.failure = failure_of(fields.at("failure"));
  job.created_at = time_of(fields.at("created_us"));
  job.updated_at = time_of(fields.at("updated_us"));
  job.not_before = time_of(fields.at("not_before_us"));
  job.started_at = optional_time(fields, "started_us");
  job.finished_at = optional_time(fields, "finished_us");
  require_stored_job(job);
  return job;
}

ordered_json to_json(const CostEntry& entry) {
  return {{"id", entry.id},           {"job_id", entry.job_id},
          {"service", entry.service}, {"operation", entry.operation},
          {"model", entry.model},     {"micro_usd", entry.amount.value},
          {"settled", entry.settled}, {"at_us", number_of(entry.at)}};
}

CostEntry cost_of(const Json& fields) {
  CostEntry entry;
  entry.id = fields.at("id").get<std::string>();
  entry.job_id = fields.at("job_id").get<std::string>();
  entry.service = fields.at("service").get<std::string>();
  entry.operation = fields.at("operation").get<std::string>();
  entry.model = fields.at("model").get<std::string>();
  entry.amount = {whole_number_of(fields.at("micro_usd"), 0, INT64_MAX)};
  entry.settled = fields.at("settled").get<bool>();
  entry.at = time_of(fields.at("at_us"));
  require_cost(entry);
  return entry;
}

}  // namespace vitrine
