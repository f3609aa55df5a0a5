#include "jobs/firestore_documents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "jobs/job_rules.h"

namespace vitrine {
namespace {

using nlohmann::json;
using Flat = std::map<std::string, json>;

constexpr std::string_view kOurs = "vitrine";

void put_time(Flat& flat, const std::string& path, std::optional<Timestamp> time) {
  flat[path] = optional_time_value(time);
}

// Where a pending job waits: "ready" ones are asked for by priority, "delayed" ones by the time when they are due.
std::string queue_of(const Job& job) {
  if (job.state != JobState::pending) return "";
  return job.not_before <= job.updated_at ? "ready" : "delayed";
}

json failure_value(const std::optional<Failure>& failure) {
  if (!failure) return {{"nullValue", nullptr}};
  json fields{{"code", text_value(failure->code)},
              {"message", text_value(failure->message)},
              {"retryable", flag_value(failure->retryable)}};
  if (failure->retry_after) fields["retry_after_ms"] = integer_value(failure->retry_after->count());
  return map_value(std::move(fields));
}

std::optional<Failure> failure_in(const FirestoreFields& fields) {
  const auto code = fields.text("vitrine.failure.code");
  if (!code) return std::nullopt;
  Failure failure{*code, fields.text("vitrine.failure.message").value_or(""),
                  fields.flag("vitrine.failure.retryable").value_or(false), {}};
  if (const auto wait = fields.integer("vitrine.failure.retry_after_ms"))
    failure.retry_after = std::chrono::milliseconds(*wait);
  return kept(std::move(failure));
}

template <class Value>
Value required(const std::optional<Value>& value, const char* what) {
  if (!value) throw std::invalid_argument(std::string("its field ") + what + " is missing or of another type");
  return *value;
}

Job job_in(std::string id, const FirestoreFields& fields) {
  Job job;
  job.id = std::move(id);
  job.kind = required(fields.text("vitrine.kind"), "vitrine.kind");
  job.state = required(job_state_of(required(fields.text("vitrine.state"), "vitrine.state")), "vitrine.state");
  job.request = required(fields.text("vitrine.request"), "vitrine.request");
  job.journal = required(fields.text("vitrine.journal"), "vitrine.journal");
  job.result = fields.text("vitrine.result").value_or("");
  job.failure = failure_in(fields);
  job.client_key = fields.text("vitrine.client_key").value_or("");
  job.priority = static_cast<int>(required(fields.integer("vitrine.priority"), "vitrine.priority"));
  job.attempt = static_cast<int>(required(fields.integer("vitrine.attempt"), "vitrine.attempt"));
  job.max_attempts = static_cast<int>(required(fields.integer("vitrine.max_attempts"), "vitrine.max_attempts"));
  job.progress = required(fields.number("vitrine.progress"), "vitrine.progress");
  job.cancel_requested = fields.flag("vitrine.cancel_requested").value_or(false);
  job.created_at = required(fields.time("vitrine.created_at"), "vitrine.created_at");
  job.updated_at = required(fields.time("vitrine.updated_at"), "vitrine.updated_at");
  job.not_before = required(fields.time("vitrine.not_before"), "vitrine.not_before");
  job.started_at = fields.time("vitrine.started_at");
  job.finished_at = fields.time("vitrine.finished_at");
  if (const auto worker = fields.text("vitrine.worker"))
    job.lease = Lease{{}, *worker, required(fields.time("vitrine.lease_expires_at"), "vitrine.lease_expires_at")};
  require_stored_job(job);
  return job;
}

// An operator, or the old page, may set `status` by hand: back to waiting is a wish to have it done again, and a word
// for an ended job that we did not write, as "approved" or "retried", changes nothing for us.
bool obeys_status(StoredJob& stored, std::string_view status, DocumentStyle style) {
  if (state_of_status(status, style) != JobState::pending || !is_ended(stored.job.state)) return false;
  stored.job.state = JobState::pending;
  stored.job.attempt = 0;
  stored.job.failure.reset();
  stored.job.result.clear();
  stored.job.cancel_requested = false;
  stored.job.started_at.reset();
  stored.job.finished_at.reset();
  return true;
}

json nested(const Flat& flat, const std::vector<std::string>& paths) {
  json fields = json::object();
  json inner = json::object();
  for (const std::string& path : paths) {
    const auto dot = path.find('.');
    if (dot == std::string::npos) fields[path] = flat.at(path);
    else inner[path.substr(dot + 1)] = flat.at(path);
  }
  if (!inner.empty()) fields[std::string(kOurs)] = map_value(std::move(inner));
  return fields;
}

}  // namespace

FirestoreDocuments::FirestoreDocuments(const FirestoreOptions& options) : options_(options) {}

const std::string& FirestoreDocuments::collection_of_kind(std::string_view kind) const {
  if (kind == "artwork") return options_.artwork_jobs;
  if (kind == "mockup" || kind == "listing") return options_.mockup_jobs;
  return options_.other_jobs;
}

DocumentStyle FirestoreDocuments::style_of(std::string_view collection) const {
  if (collection == options_.artwork_jobs) return DocumentStyle::artwork;
  if (collection == options_.mockup_jobs) return DocumentStyle::mockup;
  return DocumentStyle::ours;
}

std::vector<std::string> FirestoreDocuments::collections_of(const std::vector<std::string>& kinds) const {
  if (kinds.empty()) return {options_.artwork_jobs, options_.mockup_jobs, options_.other_jobs};
  std::vector<std::string> collections;
  for (const std::string& kind : kinds) {
    const std::string& collection = collection_of_kind(kind);
    if (std::find(collections.begin(), collections.end(), collection) == collections.end())
      collections.push_back(collection);
  }
  return collections;
}

std::optional<JobDocument> FirestoreDocuments::job_of(const FirestoreDocument& document) const {
  const std::string id = FirestoreClient::id_of(document);
  if (!is_job_id(id)) return std::nullopt;
  const FirestoreFields fields(document.fields);
  const DocumentStyle style = style_of(FirestoreClient::collection_of(document));
  JobDocument found{{}, document, fields.has("vitrine.state"), fields.text("vitrine.write_id").value_or("")};
  if (!found.as_written) {
    if (style == DocumentStyle::ours) return std::nullopt;
    found.stored.job = job_of_etsy_document(id, fields, style);
    return found;
  }
  try {
    found.stored.job = job_in(id, fields);
  } catch (const std::invalid_argument& error) {
    throw Error(ErrorCode::corrupt_data, "The document " + document.name + " holds no job of ours: " + error.what() +
                                             ". Restore it from a backup, or remove its field 'vitrine'.");
  }
  found.stored.token = fields.text("vitrine.token").value_or("");
  if (obeys_status(found.stored, fields.text("status").value_or(""), style)) found.as_written = false;
  return found;
}

Flat FirestoreDocuments::flat_fields(const StoredJob& stored, const json& before, std::string_view collection) const {
  const Job& job = stored.job;
  const DocumentStyle style = style_of(collection);
  const FirestoreFields old(before);
  Flat flat = etsy_fields_of(job, old, style, options_.address_of);
  // The page's own word for the same state stays: "approved" is not turned back into "pending_review".
  const std::string status = old.text("status").value_or("");
  flat["status"] = text_value(state_of_status(status, style) == job.state ? status : status_of(job.state, style));
  if (!old.has("createdAt")) flat["createdAt"] = time_value(job.created_at);
  flat["vitrine.kind"] = text_value(job.kind);
  flat["vitrine.state"] = text_value(name_of(job.state));
  flat["vitrine.queue"] = text_value(queue_of(job));
  flat["vitrine.request"] = text_value(job.request);
  flat["vitrine.journal"] = text_value(job.journal);
  flat["vitrine.result"] = text_value(job.result);
  flat["vitrine.failure"] = failure_value(job.failure);
  flat["vitrine.client_key"] = text_value(job.client_key);
  flat["vitrine.priority"] = integer_value(job.priority);
  flat["vitrine.attempt"] = integer_value(job.attempt);
  flat["vitrine.max_attempts"] = integer_value(job.max_attempts);
  flat["vitrine.progress"] = number_value(job.progress);
  flat["vitrine.cancel_requested"] = flag_value(job.cancel_requested);
  put_time(flat, "vitrine.created_at", job.created_at);
  put_time(flat, "vitrine.updated_at", job.updated_at);
  put_time(flat, "vitrine.not_before", job.not_before);
  put_time(flat, "vitrine.started_at", job.started_at);
  put_time(flat, "vitrine.finished_at", job.finished_at);
  flat["vitrine.token"] = text_value(stored.token);
  flat["vitrine.worker"] = job.lease ? text_value(job.lease->worker) : json{{"nullValue", nullptr}};
  put_time(flat, "vitrine.lease_expires_at", job.lease ? std::optional(job.lease->expires_at) : std::nullopt);
  return flat;
}

json FirestoreDocuments::create(const std::string& name, const StoredJob& next, const std::string& write_id) const {
  const FirestoreDocument none{name, json::object(), {}};
  Flat flat = flat_fields(next, none.fields, FirestoreClient::collection_of(none));
  flat["vitrine.write_id"] = text_value(write_id);
  std::vector<std::string> paths;
  for (const auto& [path, value] : flat) paths.push_back(path);
  return create_write(name, nested(flat, paths));
}

json FirestoreDocuments::update(const JobDocument& before, const StoredJob& next, const std::string& write_id) const {
  const std::string collection = FirestoreClient::collection_of(before.document);
  const Flat old = before.as_written ? flat_fields(before.stored, before.document.fields, collection) : Flat{};
  Flat flat = flat_fields(next, before.document.fields, collection);
  flat["vitrine.write_id"] = text_value(write_id);
  std::vector<std::string> paths;
  for (const auto& [path, value] : flat) {
    const auto same = old.find(path);
    // `status` may be another word for what we read, and results are counted from the document: both always go out.
    if (same == old.end() || same->second != value || path == "status") paths.push_back(path);
  }
  return update_write(before.document.name, nested(flat, paths), paths, before.document.update_time);
}

json FirestoreDocuments::fields_of(const CostEntry& entry) {
  return {{"id", text_value(entry.id)},
          {"job_id", text_value(entry.job_id)},
          {"service", text_value(entry.service)},
          {"operation", text_value(entry.operation)},
          {"model", text_value(entry.model)},
          {"micro_usd", integer_value(entry.amount.value)},
          {"settled", flag_value(entry.settled)},
          {"at", time_value(entry.at)}};
}

CostEntry FirestoreDocuments::cost_of(const FirestoreDocument& document) {
  const FirestoreFields fields(document.fields);
  try {
    CostEntry entry{required(fields.text("id"), "id"),
                    fields.text("job_id").value_or(""),
                    fields.text("service").value_or(""),
                    fields.text("operation").value_or(""),
                    fields.text("model").value_or(""),
                    {required(fields.integer("micro_usd"), "micro_usd")},
                    required(fields.flag("settled"), "settled"),
                    required(fields.time("at"), "at")};
    require_cost(entry);
    return entry;
  } catch (const std::invalid_argument& error) {
    throw Error(ErrorCode::corrupt_data, "The document " + document.name + " holds no cost entry of ours: " +
                                             error.what() + ". Restore it from a backup, or remove it.");
  }
}

}  // namespace vitrine
