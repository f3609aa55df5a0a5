#include "jobs/etsy_documents.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "jobs/job_rules.h"

namespace vitrine {
namespace {

using nlohmann::json;
using Fields = std::map<std::string, json>;

struct StatusWord {
  std::string_view word;
  JobState state;
};
// The first word for a state is the one that we write; the others were written by the page or by older editions.
constexpr std::array kArtworkWords{StatusWord{"pending_art_generation", JobState::pending},
                                   StatusWord{"processing", JobState::processing},
                                   StatusWord{"pending_review", JobState::completed},
                                   StatusWord{"approved", JobState::completed},
                                   StatusWord{"completed", JobState::completed},
                                   StatusWord{"error", JobState::failed},
                                   StatusWord{"failed", JobState::failed},
                                   StatusWord{"cancelled", JobState::cancelled}};
constexpr std::array kMockupWords{StatusWord{"pending", JobState::pending},
                                  StatusWord{"processing", JobState::processing},
                                  StatusWord{"completed", JobState::completed},
                                  StatusWord{"failed", JobState::failed},
                                  StatusWord{"error", JobState::failed},
                                  StatusWord{"cancelled", JobState::cancelled},
                                  StatusWord{"retried", JobState::cancelled}};

template <class Visit>
void visit_words(DocumentStyle style, const Visit& visit) {
  if (style == DocumentStyle::artwork)
    for (const StatusWord& each : kArtworkWords) visit(each);
  if (style == DocumentStyle::mockup)
    for (const StatusWord& each : kMockupWords) visit(each);
  if (style == DocumentStyle::ours)
    for (const JobState state : {JobState::pending, JobState::processing, JobState::completed, JobState::failed,
                                 JobState::cancelled})
      visit(StatusWord{name_of(state), state});
}

json size_of_ratio(std::string_view ratio) {
  if (ratio == "16:9") return json::array({1344, 768});
  if (ratio == "9:16") return json::array({768, 1344});
  return json::array({1024, 1024});
}

// Steps and guidance are not passed on: the model that the old system ordered from has neither.
json artwork_request(const FirestoreFields& fields) {
  json parameters = json::object();
  if (const auto tolerance = fields.number("safetyTolerance"))
    parameters["safety_tolerance"] = static_cast<int>(std::clamp(*tolerance, 0.0, 6.0));
  if (const auto upsampling = fields.flag("promptUpsampling")) parameters["prompt_upsampling"] = *upsampling;
  json request{{"prompt", fields.text("prompt").value_or("")},
               {"size", size_of_ratio(fields.text("aspectRatio").value_or("16:9"))},
               {"parameters", std::move(parameters)}};
  if (const auto model = fields.text("model"); model && !model->empty()) request["model"] = *model;
  // -1 was meant to say "any"; the page sends it as a text.
  const double seed = fields.number("seed").value_or(42);
  if (seed >= 0 && seed < 4294967296.0) request["seed"] = static_cast<std::int64_t>(seed);
  return request;
}

// One job was all templates, whatever `mockup_template` says; they are named when the job is taken over. Without any,
// what was uploaded is found by its keys.
json listing_request(const FirestoreFields& fields) {
  return {{"artwork", {{"url", fields.text("artwork_url").value_or("")}}}, {"scenes_under", "mockups/"}};
}

std::string failure_type(std::string_view code) {
  if (code == name_of(ErrorCode::deadline_exceeded)) return "timeout";
  if (code == name_of(ErrorCode::no_suitable_region)) return "detection_failed";
  return "unknown";
}

std::string text_in(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Where a browser finds what a result names: its own address, or that of its object.
std::string address_in(const json& item, const std::function<std::string(const std::string&)>& address_of) {
  const std::string told = text_in(item, "url");
  if (!told.empty() || !item.is_object() || !item.contains("object")) return told;
  const std::string key = item["object"].is_string() ? item["object"].get<std::string>() : text_in(item["object"], "key");
  return key.empty() || !address_of ? key : address_of(key);
}

void add_artwork_result(Fields& fields, const json& result, const FirestoreFields& before,
                        const std::function<std::string(const std::string&)>& address_of) {
  const std::string address = address_in(result, address_of);
  if (address.empty()) return;
  fields["generatedImageUrl"] = text_value(address);
  const bool counted = before.text("generatedImageUrl") == address;
  fields["generationCount"] = integer_value(before.integer("generationCount").value_or(0) + (counted ? 0 : 1));
}

void add_mockup_results(Fields& fields, const json& result,
                        const std::function<std::string(const std::string&)>& address_of) {
  json list = json::array();
  std::int64_t all_regions = 0;
  for (const json& item : result.value("mockups", json::array())) {
    const std::int64_t regions = item.is_object() ? item.value("regions", std::int64_t{1}) : 0;
    const json region = item.is_object() ? item.value("region", json::object()) : json::object();
    const std::string scene = text_in(item, "scene");
    const std::string name = text_in(item, "name");
    list.push_back({{"template_id", scene},
                    {"template_name", name.empty() ? scene : name},
                    {"url", address_in(item, address_of)},
                    {"detected_regions", regions},
                    {"selected_region", text_in(region, "label")}});
    all_regions += regions;
  }
  fields["mockup_results"] = value_of(list);
  fields["total_mockups_generated"] = integer_value(static_cast<std::int64_t>(list.size()));
  fields["total_mockups_failed"] =
      integer_value(static_cast<std::int64_t>(result.value("failed", json::array()).size()));
  fields["detected_regions_total"] = integer_value(all_regions);
  if (list.empty()) return;
  fields["result_url"] = fields["resultUrl"] = value_of(list.front()["url"]);
  fields["detected_regions"] = value_of(list.front()["detected_regions"]);
  fields["selected_region"] = value_of(list.front()["selected_region"]);
}

void add_failure(Fields& fields, const Failure& failure, DocumentStyle style) {
  if (style == DocumentStyle::artwork) {
    fields["errorMessage"] = text_value(failure.message);
    return;
  }
  fields["error_message"] = text_value(failure.message);
  fields["error"] = map_value({{"message", text_value(failure.message)},
                               {"type", text_value(failure_type(failure.code))},
                               {"details", text_value(failure.code)}});
}

void add_times(Fields& fields, const Job& job, DocumentStyle style) {
  if (style == DocumentStyle::artwork) {
    fields["updatedAt"] = time_value(job.updated_at);
    return;
  }
  fields["updated_at"] = time_value(job.updated_at);
  fields["processingStartTime"] = fields["processing_started_at"] = optional_time_value(job.started_at);
  fields["completionTime"] = fields["processing_completed_at"] = optional_time_value(job.finished_at);
}

// How a request names its artwork: docs/pipeline.md has the forms.
std::string artwork_in(const json& request) {
  const auto found = request.find("artwork");
  if (found == request.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  const std::string url = text_in(*found, "url");
  return url.empty() ? text_in(*found, "object") : url;
}

// What the page needs of a job that it did not make itself.
void add_request(Fields& fields, const Job& job, const FirestoreFields& before, DocumentStyle style) {
  const json request = json::parse(job.request, nullptr, false);
  if (!request.is_object()) return;
  if (style == DocumentStyle::artwork && !before.has("prompt"))
    fields["prompt"] = text_value(text_in(request, "prompt"));
  if (style == DocumentStyle::mockup && !before.has("artwork_url")) {
    fields["artwork_url"] = text_value(artwork_in(request));
    fields["mockup_template"] = text_value("default");
  }
}

}  // namespace

std::string status_of(JobState state, DocumentStyle style) { return statuses_of(state, style).front(); }

std::vector<std::string> statuses_of(JobState state, DocumentStyle style) {
  std::vector<std::string> words;
  visit_words(style, [&](const StatusWord& each) {
    if (each.state == state) words.emplace_back(each.word);
  });
  return words;
}

std::optional<JobState> state_of_status(std::string_view status, DocumentStyle style) {
  std::optional<JobState> state;
  visit_words(style, [&](const StatusWord& each) {
    if (each.word == status) state = each.state;
  });
  return state;
}

Job job_of_etsy_document(std::string id, const FirestoreFields& fields, DocumentStyle style) {
  const bool art = style == DocumentStyle::artwork;
  Job job;
  job.id = std::move(id);
  job.kind = art ? "artwork" : "listing";
  job.request = (art ? artwork_request(fields) : listing_request(fields)).dump(-1, ' ', false, json::error_handler_t::replace);
  job.state = state_of_status(fields.text("status").value_or(""), style).value_or(JobState::failed);
  const auto made = fields.time("createdAt");
  job.created_at = made ? *made : fields.time("created_at").value_or(Timestamp{});
  job.updated_at = fields.time(art ? "updatedAt" : "updated_at").value_or(job.created_at);
  job.not_before = job.created_at;
  job.started_at = fields.time("processing_started_at");
  if (is_ended(job.state)) job.finished_at = fields.time("processing_completed_at").value_or(job.updated_at);
  if (job.state == JobState::completed) {
    job.progress = 1;
    job.result = json{{"url", fields.text(art ? "generatedImageUrl" : "result_url").value_or("")}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
  }
  std::optional<std::string> reason = fields.text(art ? "errorMessage" : "error_message");
  if (!reason) reason = fields.text("error");
  if (!reason) reason = fields.text("error.message");
  if (reason) job.failure = kept(Failure{"unknown", *reason, false, {}});
  return job;
}

json etsy_template_scene(std::string id, const FirestoreFields& fields) {
  std::string address = fields.text("imageUrl").value_or("");
  if (address.empty()) address = fields.text("url").value_or("");
  return {{"id", std::move(id)}, {"name", fields.text("name").value_or("Unknown")}, {"url", std::move(address)}};
}

std::string with_scenes(const std::string& request, const json& scenes) {
  json named = json::parse(request);
  named.erase("scenes_under");
  named["scenes"] = scenes;
  return named.dump(-1, ' ', false, json::error_handler_t::replace);
}

Fields etsy_fields_of(const Job& job, const FirestoreFields& before, DocumentStyle style,
                      const std::function<std::string(const std::string&)>& address_of) {
  Fields fields;
  if (style == DocumentStyle::ours) return fields;
  add_times(fields, job, style);
  add_request(fields, job, before, style);
  if (job.state == JobState::failed && job.failure) add_failure(fields, *job.failure, style);
  const json result = json::parse(job.result, nullptr, false);
  if (job.state != JobState::completed || !result.is_object()) return fields;
  if (style == DocumentStyle::artwork) add_artwork_result(fields, result, before, address_of);
  if (style == DocumentStyle::mockup) add_mockup_results(fields, result, address_of);
  return fields;
}

}  // namespace vitrine
