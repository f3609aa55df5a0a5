#include "support/firestore_fake.h"

#include <algorithm>
#include <stdexcept>

#include "jobs/firestore_value.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestDocument = 1048576 - 4;
const std::string kDocuments = "projects/test/databases/(default)/documents/";

json error(int code, const char* status, const std::string& message) {
  return {{"error", {{"code", code}, {"status", status}, {"message", message}}}};
}

// Versions are times, as Firestore's are.
std::string time_of_version(std::int64_t version) {
  return rfc3339(Timestamp(std::chrono::microseconds(1'700'000'000'000'000 + version)));
}

const json* field_at(const json& fields, std::string_view path) {
  const auto dot = path.find('.');
  const auto found = fields.find(path.substr(0, dot));
  if (found == fields.end()) return nullptr;
  if (dot == std::string_view::npos) return &*found;
  if (!found->contains("mapValue")) return nullptr;
  return field_at((*found)["mapValue"]["fields"], path.substr(dot + 1));
}

void set_field(json& fields, std::string_view path, const json* value) {
  const auto dot = path.find('.');
  const std::string name(path.substr(0, dot));
  if (dot != std::string_view::npos) {
    if (!fields.contains(name) || !fields[name].contains("mapValue")) fields[name] = map_value(json::object());
    return set_field(fields[name]["mapValue"]["fields"], path.substr(dot + 1), value);
  }
  if (value == nullptr) fields.erase(name);
  else fields[name] = *value;
}

// Firestore's order of types, as far as our queries meet them; then of values.
std::pair<int, json> sort_key(const json& value) {
  if (value.contains("nullValue")) return {0, nullptr};
  if (value.contains("booleanValue")) return {1, value["booleanValue"]};
  if (value.contains("integerValue")) return {2, std::stoll(value["integerValue"].get<std::string>())};
  if (value.contains("doubleValue")) return {2, value["doubleValue"]};
  if (value.contains("timestampValue"))
    return {3, time_of_rfc3339(value["timestampValue"].get<std::string>()).value().time_since_epoch().count()};
  if (value.contains("stringValue")) return {4, value["stringValue"]};
  if (value.contains("referenceValue")) return {5, value["referenceValue"]};
  throw std::invalid_argument("This fake cannot order " + value.dump());
}

bool holds(const json& filter, const json& fields) {
  if (filter.contains("compositeFilter")) {
    const json& parts = filter["compositeFilter"]["filters"];
    return std::all_of(parts.begin(), parts.end(), [&](const json& part) { return holds(part, fields); });
  }
  const json& one = filter.at("fieldFilter");
  const json* found = field_at(fields, one["field"]["fieldPath"].get<std::string>());
  if (found == nullptr) return false;
  const std::string op = one["op"];
  const json& value = one["value"];
  if (op == "IN") {
    const json& values = value["arrayValue"]["values"];
    return std::any_of(values.begin(), values.end(), [&](const json& each) { return sort_key(each) == sort_key(*found); });
  }
  const auto a = sort_key(*found);
  const auto b = sort_key(value);
  if (op == "EQUAL") return a == b;
  if (a.first != b.first) return false;  // inequalities hold within a type
  if (op == "LESS_THAN") return a < b;
  if (op == "LESS_THAN_OR_EQUAL") return a <= b;
  if (op == "GREATER_THAN_OR_EQUAL") return a >= b;
  throw std::invalid_argument("This fake does not know the operator " + op);
}

}  // namespace

void FirestoreFake::fail_next(const std::string& verb, std::vector<Fault> faults) {
  const std::lock_guard lock(mutex_);
  for (const Fault fault : faults) faults_[verb].push_back(fault);
}

void FirestoreFake::put(const std::string& collection, const std::string& id, const json& fields) {
  const std::lock_guard lock(mutex_);
  documents_[kDocuments + collection + "/" + id] = {fields, ++versions_};
}

json FirestoreFake::fields_of(const std::string& collection, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = documents_.find(kDocuments + collection + "/" + id);
  return found == documents_.end() ? json() : found->second.fields;
}

std::vector<json> FirestoreFake::queries() const {
  const std::lock_guard lock(mutex_);
  return queries_;
}

int FirestoreFake::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

HttpResponse FirestoreFake::send(const HttpRequest& request, Context& context) {
  context.check();
  const std::lock_guard lock(mutex_);
  ++requests_;
  const std::string verb = request.url.substr(request.url.rfind(':') + 1);
  Fault fault = Fault::none;
  if (auto& script = faults_[verb]; !script.empty()) {
    fault = script.front();
    script.pop_front();
  }
  if (fault == Fault::no_answer_before) throw HttpError(ErrorCode::unavailable, "Scripted: refused.", SendFate::not_sent);
  Answer given;
  if (fault == Fault::unavailable) given = {503, error(503, "UNAVAILABLE", "Scripted.")};
  else if (fault == Fault::denied) given = {403, error(403, "PERMISSION_DENIED", "Missing or insufficient permissions.")};
  else if (fault == Fault::too_slow) given = {504, error(504, "DEADLINE_EXCEEDED", "Deadline exceeded")};
  else if (fault == Fault::missing_index)
    given = {400, error(400, "FAILED_PRECONDITION",
                        "The query requires an index. You can create it here: "
                        "https://console.firebase.google.com/v1/r/project/test/firestore/indexes?create_composite=abc")};
  else given = answer(verb, json::parse(request.body.begin(), request.body.end()));
  if (fault == Fault::no_answer_after) throw HttpError(ErrorCode::unavailable, "Scripted: lost.", SendFate::unknown);
  HttpResponse response;
  response.status = given.first;
  const std::string text = given.second.dump();
  response.body.assign(text.begin(), text.end());
  return response;
}

FirestoreFake::Answer FirestoreFake::answer(const std::string& verb, const json& body) {
  if (verb == "commit") return commit(body);
  if (verb == "batchWrite") return write_each(body);
  if (verb == "batchGet") {
    json found = json::array();
    for (const std::string name : body["documents"]) {
      if (documents_.count(name) != 0) found.push_back({{"found", document_of(name)}});
      else found.push_back({{"missing", name}});
    }
    return {200, found};
  }
  if (verb == "runQuery") {
    queries_.push_back(body["structuredQuery"]);
    return query(body["structuredQuery"]);
  }
  if (verb == "runAggregationQuery") {
    const json& inner = body["structuredAggregationQuery"]["structuredQuery"];
    queries_.push_back(inner);
    return {200, json::array({{{"result",
                                {{"aggregateFields",
                                  {{"all", integer_value(static_cast<std::int64_t>(matching(inner).size()))}}}}}}})};
  }
  return {404, error(404, "NOT_FOUND", "Unknown verb " + verb)};
}

json FirestoreFake::document_of(const std::string& name) const {
  const Stored& stored = documents_.at(name);
  return {{"name", name}, {"fields", stored.fields}, {"updateTime", time_of_version(stored.version)}};
}

// What stands against a write; empty if nothing does.
json FirestoreFake::fault_of(const json& write) const {
  const std::string name = write.contains("delete") ? write["delete"] : write.at("update").at("name");
  const auto found = documents_.find(name);
  const bool exists = found != documents_.end();
  const json condition = write.value("currentDocument", json::object());
  if (condition.contains("exists") && condition["exists"] != exists)
    return exists ? error(409, "ALREADY_EXISTS", "Document already exists: " + name)
                  : error(404, "NOT_FOUND", "No document to update: " + name);
  if (condition.contains("updateTime")) {
    if (!exists) return error(404, "NOT_FOUND", "No document to update: " + name);
    if (condition["updateTime"] != time_of_version(found->second.version))
      return error(400, "FAILED_PRECONDITION", "the stored version does not match the required base version");
  }
  if (write.contains("update") && write["update"]["fields"].dump().size() > kLargestDocument)
    return error(400, "INVALID_ARGUMENT", "Document is too large");
  return json::object();
}

void FirestoreFake::apply(const json& write) {
  if (write.contains("delete")) {
    documents_.erase(write["delete"].get<std::string>());
    return;
  }
  const json& update = write["update"];
  Stored& stored = documents_[update["name"].get<std::string>()];
  const json before = stored.fields;
  if (!write.contains("updateMask")) {
    stored.fields = update["fields"];
  } else {
    if (stored.fields.is_null()) stored.fields = json::object();
    for (const std::string path : write["updateMask"]["fieldPaths"])
      set_field(stored.fields, path, field_at(update["fields"], path));
  }
  if (stored.fields != before || stored.version == 0) stored.version = ++versions_;
}

FirestoreFake::Answer FirestoreFake::commit(const json& body) {
  for (const json& write : body["writes"]) {
    const json fault = fault_of(write);
    if (!fault.empty()) return {fault["error"]["code"].get<int>(), fault};
  }
  json results = json::array();
  for (const json& write : body["writes"]) {
    apply(write);
    results.push_back(write.contains("delete")
                          ? json::object()
                          : json{{"updateTime", document_of(write["update"]["name"])["updateTime"]}});
  }
  return {200, {{"writeResults", results}, {"commitTime", time_of_version(versions_)}}};
}

FirestoreFake::Answer FirestoreFake::write_each(const json& body) {
  json results = json::array();
  json statuses = json::array();
  for (const json& write : body["writes"]) {
    const json fault = fault_of(write);
    if (!fault.empty()) {
      results.push_back(json::object());
      statuses.push_back({{"code", 9}, {"message", fault["error"]["message"]}});
      continue;
    }
    apply(write);
    results.push_back({{"updateTime", document_of(write["update"]["name"])["updateTime"]}});
    statuses.push_back(json::object());
  }
  return {200, {{"writeResults", results}, {"status", statuses}}};
}

std::vector<std::string> FirestoreFake::matching(const json& query) const {
  const std::string parent = kDocuments + query["from"][0]["collectionId"].get<std::string>() + "/";
  struct Row {
    std::string name;
    std::vector<std::pair<int, json>> keys;
  };
  const json orders = query.value("orderBy", json::array());
  const auto before = [&](const std::vector<std::pair<int, json>>& a, const std::vector<std::pair<int, json>>& b) {
    for (std::size_t i = 0; i < orders.size() && i < std::min(a.size(), b.size()); ++i) {
      if (a[i] == b[i]) continue;
      return (a[i] < b[i]) == (orders[i]["direction"] == "ASCENDING");
    }
    return false;
  };
  std::vector<Row> rows;
  for (const auto& [name, stored] : documents_) {
    if (name.rfind(parent, 0) != 0) continue;
    if (query.contains("where") && !holds(query["where"], stored.fields)) continue;
    Row row{name, {}};
    for (const json& order : orders) {
      const std::string path = order["field"]["fieldPath"];
      if (path == "__name__") {
        row.keys.push_back(sort_key({{"referenceValue", name}}));
        continue;
      }
      const json* value = field_at(stored.fields, path);
      if (value == nullptr) break;  // a document without the field is not in the order
      row.keys.push_back(sort_key(*value));
    }
    if (row.keys.size() == orders.size()) rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return before(a.keys, b.keys); });
  if (query.contains("startAt")) {
    if (query["startAt"].value("before", false)) throw std::invalid_argument("This fake knows no inclusive start.");
    std::vector<std::pair<int, json>> start;
    for (const json& value : query["startAt"]["values"]) start.push_back(sort_key(value));
    std::erase_if(rows, [&](const Row& row) { return !before(start, row.keys); });
  }
  if (query.contains("limit") && rows.size() > query["limit"].get<std::size_t>())
    rows.resize(query["limit"].get<std::size_t>());
  std::vector<std::string> names;
  for (Row& row : rows) names.push_back(std::move(row.name));
  return names;
}

FirestoreFake::Answer FirestoreFake::query(const json& query) const {
  json answer = json::array();
  for (const std::string& name : matching(query)) answer.push_back({{"document", document_of(name)}});
  if (answer.empty()) answer.push_back(json::object());
  answer.back()["readTime"] = time_of_version(versions_);
  return {200, answer};
}

}  // namespace vitrine
