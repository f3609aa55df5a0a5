#include "jobs/firestore_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "jobs/firestore_value.h"
#include "jobs/plain_text.h"

namespace vitrine {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int kReadAttempts = 5;
constexpr milliseconds kFirstWait{100};
constexpr std::size_t kLongestText = 600;
constexpr std::size_t kLargestAnswer = 64u << 20u;

struct Meaning {
  std::string_view status;
  ErrorCode code;
  std::string_view mend;
};
// Statuses of google.rpc.Code that a caller can do something about.
constexpr std::array kMeanings{
    Meaning{"PERMISSION_DENIED", ErrorCode::permission_denied,
            "Grant it the role roles/datastore.user in this project, and check that the Firestore API is enabled there "
            "and that the credentials belong to it."},
    Meaning{"UNAUTHENTICATED", ErrorCode::permission_denied,
            "Check GOOGLE_APPLICATION_CREDENTIALS, and that this machine's clock is right."},
    Meaning{"NOT_FOUND", ErrorCode::not_found,
            "If a whole database is missing, create it in the Firebase console, or name the right project."},
    Meaning{"ALREADY_EXISTS", ErrorCode::conflict, "It was made by somebody else meanwhile."},
    Meaning{"FAILED_PRECONDITION", ErrorCode::conflict, "It was changed by somebody else meanwhile; read it again."},
    Meaning{"ABORTED", ErrorCode::conflict, "Too many writers want the same document; try again."},
    Meaning{"RESOURCE_EXHAUSTED", ErrorCode::rate_limited, "Wait, or raise the project's quota."},
    Meaning{"DEADLINE_EXCEEDED", ErrorCode::unavailable,
            "The query was too slow: ask for a smaller page, or add the index (deploy/firestore.indexes.json)."},
    Meaning{"INVALID_ARGUMENT", ErrorCode::corrupt_data, "Report this as a defect."},
    Meaning{"OUT_OF_RANGE", ErrorCode::corrupt_data, "Report this as a defect."},
    Meaning{"DATA_LOSS", ErrorCode::corrupt_data, "Ask Google's support."},
};

bool is_missing_index(std::string_view message) {
  return message.find("index") != std::string_view::npos && message.find("requires an index") != std::string_view::npos;
}

// Stream calls wrap the error into an array.
json error_in(const json& answer) {
  const json& object = answer.is_array() && !answer.empty() ? answer.front() : answer;
  if (!object.is_object() || !object.contains("error") || !object["error"].is_object()) return json::object();
  return object["error"];
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool worth_reading_again(const Error& error) {
  if (const auto* refused = dynamic_cast<const FirestoreError*>(&error)) {
    static constexpr std::array kPassing{"UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED",
                                         "UNKNOWN"};
    return std::find(kPassing.begin(), kPassing.end(), refused->status()) != kPassing.end();
  }
  return error.code() == ErrorCode::unavailable;
}

void require_list(const std::string& verb, const json& answer) {
  if (!answer.is_array())
    throw Error(ErrorCode::corrupt_data, "Firestore's answer to " + verb + " is no list. Check the endpoint.");
}

FirestoreDocument document_of(const json& document) {
  FirestoreDocument found;
  found.name = text_in(document, "name");
  if (document.contains("fields") && document["fields"].is_object()) found.fields = document["fields"];
  found.update_time = text_in(document, "updateTime");
  return found;
}

}  // namespace

bool FirestoreError::lost_race() const noexcept {
  return status_ == "FAILED_PRECONDITION" || status_ == "ALREADY_EXISTS" || status_ == "ABORTED" ||
         status_ == "NOT_FOUND";
}

json create_write(const std::string& name, json fields) {
  return {{"update", {{"name", name}, {"fields", std::move(fields)}}}, {"currentDocument", {{"exists", false}}}};
}

json update_write(const std::string& name, json fields, const std::vector<std::string>& mask,
                  const std::string& update_time) {
  return {{"update", {{"name", name}, {"fields", std::move(fields)}}},
          {"updateMask", {{"fieldPaths", mask}}},
          {"currentDocument", {{"updateTime", update_time}}}};
}

json delete_write(const std::string& name, const std::optional<std::string>& update_time) {
  json write{{"delete", name}};
  if (update_time) write["currentDocument"] = {{"updateTime", *update_time}};
  return write;
}

FirestoreClient::FirestoreClient(std::shared_ptr<HttpTransport> transport,
                                 std::shared_ptr<GoogleCredentials> credentials, Place place)
    : transport_(std::move(transport)),
      credentials_(std::move(credentials)),
      place_(std::move(place)),
      documents_("projects/" + place_.project + "/databases/" + place_.database + "/documents") {}

std::string FirestoreClient::name_of_document(std::string_view collection, std::string_view id) const {
  return documents_ + "/" + std::string(collection) + "/" + std::string(id);
}

std::string FirestoreClient::id_of(const FirestoreDocument& document) {
  return document.name.substr(document.name.rfind('/') + 1);
}

std::string FirestoreClient::collection_of(const FirestoreDocument& document) {
  const auto last = document.name.rfind('/');
  const auto before = last == std::string::npos ? last : document.name.rfind('/', last - 1);
  return before == std::string::npos ? std::string() : document.name.substr(before + 1, last - before - 1);
}

std::vector<std::string> FirestoreClient::commit(const json& writes, Context& context) {
  const json answer = call("commit", {{"writes", writes}}, context);
  std::vector<std::string> versions;
  for (const json& result : answer.value("writeResults", json::array())) {
    const std::string own = text_in(result, "updateTime");
    versions.push_back(own.empty() ? text_in(answer, "commitTime") : own);
  }
  if (versions.size() != writes.size())
    throw Error(ErrorCode::corrupt_data, "Firestore answered a commit of " + std::to_string(writes.size()) +
                                             " writes with " + std::to_string(versions.size()) +
                                             " results. Check that the endpoint is Firestore's REST interface.");
  return versions;
}

std::vector<std::optional<std::string>> FirestoreClient::write_each(const json& writes, Context& context) {
  const json answer = call("batchWrite", {{"writes", writes}}, context);
  const json results = answer.value("writeResults", json::array());
  const json statuses = answer.value("status", json::array());
  std::vector<std::optional<std::string>> versions(writes.size());
  for (std::size_t i = 0; i < writes.size() && i < statuses.size(); ++i) {
    // Codes of google.rpc.Code; 0 or nothing is success.
    if (statuses[i].value("code", 0) == 0 && i < results.size()) versions[i] = text_in(results[i], "updateTime");
  }
  return versions;
}

std::vector<FirestoreDocument> FirestoreClient::query(const json& structured_query, Context& context) {
  const json answer = read("runQuery", {{"structuredQuery", structured_query}}, context);
  std::vector<FirestoreDocument> documents;
  // An empty result is one element without a document.
  for (const json& chunk : answer)
    if (chunk.is_object() && chunk.contains("document")) documents.push_back(document_of(chunk["document"]));
  return documents;
}

std::int64_t FirestoreClient::count(const json& structured_query, Context& context) {
  const json body{{"structuredAggregationQuery",
                   {{"structuredQuery", structured_query},
                    {"aggregations", {{{"alias", "all"}, {"count", json::object()}}}}}}};
  const json answer = read("runAggregationQuery", body, context);
  for (const json& chunk : answer) {
    if (!chunk.is_object() || !chunk.contains("result")) continue;
    const json fields = chunk["result"].value("aggregateFields", json::object());
    if (const auto all = FirestoreFields(fields).integer("all")) return *all;
  }
  throw Error(ErrorCode::corrupt_data, "Firestore answered a count without a number. Try again.");
}

std::vector<FirestoreDocument> FirestoreClient::get(const std::vector<std::string>& names, Context& context) {
  if (names.empty()) return {};
  const json answer = read("batchGet", {{"documents", names}}, context);
  std::vector<FirestoreDocument> documents;
  for (const json& chunk : answer)
    if (chunk.is_object() && chunk.contains("found")) documents.push_back(document_of(chunk["found"]));
  return documents;
}

std::optional<Timestamp> FirestoreClient::server_now() const {
  const std::lock_guard lock(mutex_);
  if (!server_time_) return std::nullopt;
  return *server_time_ + std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - heard_at_);
}

json FirestoreClient::read(const std::string& verb, const json& body, Context& context) {
  milliseconds wait = kFirstWait;
  for (int attempt = 1;; ++attempt) {
    try {
      return call(verb, body, context);
    } catch (const Error& error) {
      if (attempt == kReadAttempts || !worth_reading_again(error)) throw;
    }
    context.wait_for(wait);
    wait *= 2;
  }
}

json FirestoreClient::call(const std::string& verb, const json& body, Context& context) {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.url = place_.endpoint + "/v1/" + documents_ + ":" + verb;
  const std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  request.body.assign(text.begin(), text.end());
  request.max_response_bytes = kLargestAnswer;
  request.headers = {{"Content-Type", "application/json"}};
  const HttpResponse response = send_authorized(*credentials_, *transport_, request, context);
  json answer = json::parse(response.body.begin(), response.body.end(), nullptr, false);
  if (!response.ok() || !error_in(answer).empty()) refuse(answer, response.status);
  if (answer.is_discarded())
    throw Error(ErrorCode::corrupt_data, "Firestore's answer to " + verb + " is no JSON. Check the endpoint.");
  if (verb != "commit" && verb != "batchWrite") require_list(verb, answer);
  else if (!answer.is_object())
    throw Error(ErrorCode::corrupt_data, "Firestore's answer to " + verb + " is no object. Check the endpoint.");
  note_time(answer);
  return answer;
}

void FirestoreClient::note_time(const json& answer) {
  const json& told = answer.is_array() && !answer.empty() ? answer.back() : answer;
  if (!told.is_object()) return;
  std::string text = text_in(told, "readTime");
  if (text.empty()) text = text_in(told, "commitTime");
  const auto time = time_of_rfc3339(text);
  if (!time) return;
  const std::lock_guard lock(mutex_);
  server_time_ = time;
  heard_at_ = std::chrono::steady_clock::now();
}

void FirestoreClient::refuse(const json& answer, int http_status) const {
  const json error = error_in(answer);
  const std::string status = text_in(error, "status");
  const std::string message = text_in(error, "message");
  const std::string what = "Firestore of project '" + place_.project + "' refused " + credentials_->name() + " (" +
                           (status.empty() ? "HTTP " + std::to_string(http_status) : status) + ")" +
                           (message.empty() ? "." : ": " + cut_to_plain_text(message, kLongestText));
  if (is_missing_index(message))
    throw FirestoreError(ErrorCode::permission_denied,
                         what + " Create the index by that link, or deploy deploy/firestore.indexes.json.",
                         "MISSING_INDEX");
  for (const Meaning& meaning : kMeanings)
    if (meaning.status == status) throw FirestoreError(meaning.code, what + " " + std::string(meaning.mend), status);
  throw FirestoreError(ErrorCode::unavailable, what + " Try again.", status);
}

}  // namespace vitrine
