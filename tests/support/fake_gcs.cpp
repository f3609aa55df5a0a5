#include "support/fake_gcs.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "storage/crc32c.h"
#include "storage/gcs_object.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::uint64_t kChunkStep = 256u << 10u;
constexpr std::string_view kHost = "https://storage.googleapis.com";

HttpResponse answer(int status, const json& body = {}, std::vector<HttpHeader> headers = {}) {
  return {status, std::move(headers), body.is_null() ? Bytes() : bytes_of(body.dump())};
}

HttpResponse fault(int status, const std::string& reason, const std::string& message) {
  return answer(status, {{"error",
                          {{"code", status},
                           {"message", message},
                           {"errors", {{{"domain", "global"}, {"reason", reason}, {"message", message}}}}}}});
}

HttpResponse no_object(const std::string& key) { return fault(404, "notFound", "No such object: shop/" + key); }

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::map<std::string, std::string> query_in(const std::string& text) {
  std::map<std::string, std::string> query;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, '&');)
    query[decoded(item.substr(0, item.find('=')))] = decoded(item.substr(item.find('=') + 1));
  return query;
}

std::string value(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? "" : found->second;
}

std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& each : request.headers)
    if (each.name == name) return each.value;
  return {};
}

std::string body_text(const HttpRequest& request) {
  std::string text(request.body.begin(), request.body.end());
  std::array<std::uint8_t, 65536> block;
  if (request.source)
    for (auto count = request.source->read(block); count > 0; count = request.source->read(block))
      text.append(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
  return text;
}

[[noreturn]] void lose(SendFate fate) { throw HttpError(ErrorCode::unavailable, "The connection broke.", fate); }

}  // namespace

/// Bytes of an object or of an upload.
struct FakeGcs::File {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;

  explicit File(std::filesystem::path at) : path(std::move(at)) { std::ofstream{path}; }
  ~File() { std::remove(path.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(ByteView bytes) {
    std::ofstream(path, std::ios::binary | std::ios::app)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    crc = crc32c(crc, bytes);
    size += bytes.size();
  }
};

FakeGcs::FakeGcs(std::string bucket) : bucket_(std::move(bucket)) {}

void FakeGcs::then(FakeGcsFault next) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(next);
}

void FakeGcs::refuse(int status, std::string message, std::string reason) {
  const std::lock_guard lock(mutex_);
  refusal_ = fault(status, reason, message);
}

std::shared_ptr<FakeGcs::File> FakeGcs::make_file() {
  return std::make_shared<File>(folder_ / std::to_string(files_++));
}

void FakeGcs::damage(const std::string& key) {
  const std::lock_guard lock(mutex_);
  std::fstream(objects_.at(key).bytes->path, std::ios::in | std::ios::out | std::ios::binary).put('~');
}

void FakeGcs::put_foreign(const std::string& key, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  auto file = make_file();
  file->append(bytes_of(bytes));
  finish(key, std::move(file), {{"contentType", "image/png"}}, {});
}

std::vector<HttpRequest> FakeGcs::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

json FakeGcs::resource(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = objects_.find(key);
  return found == objects_.end() ? json() : found->second.resource;
}

HttpResponse FakeGcs::send(const HttpRequest& request, Context& context) {
  context.check();
  FakeGcsFault fault_now = FakeGcsFault::none;
  {
    const std::lock_guard lock(mutex_);
    HttpRequest seen = request;
    seen.source = nullptr;
    seen.sink = nullptr;
    requests_.push_back(seen);
    if (refusal_) return *refusal_;
    if (!faults_.empty()) {
      fault_now = faults_.front();
      faults_.pop_front();
    }
  }
  if (fault_now == FakeGcsFault::lose_request) lose(SendFate::not_sent);
  if (fault_now == FakeGcsFault::busy) return fault(503, "backendError", "Backend Error");
  if (fault_now == FakeGcsFault::forget) return fault(410, "gone", "The session is gone");
  if (fault_now == FakeGcsFault::slow_down) {
    auto response = fault(429, "rateLimitExceeded", "Slow down");
    response.headers.push_back({"Retry-After", "7"});
    return response;
  }
  HttpResponse response = serve(request, fault_now == FakeGcsFault::cut, context);
  if (fault_now == FakeGcsFault::lose_answer) lose(SendFate::unknown);
  return response;
}

HttpResponse FakeGcs::serve(const HttpRequest& request, bool cut, Context&) {
  if (!request.url.starts_with(kHost)) return fault(400, "invalid", "Not our host");
  const std::string target = request.url.substr(kHost.size());
  const std::string path = target.substr(0, target.find('?'));
  const Query query = query_in(target.find('?') == std::string::npos ? "" : target.substr(target.find('?') + 1));
  if (path.starts_with("/session/")) return add_chunk(request, path.substr(9), cut);
  const std::string objects = "/storage/v1/b/" + bucket_ + "/o";
  if (path != "/upload" + objects && !path.starts_with(objects))
    return fault(404, "notFound", "The specified bucket does not exist.");
  if (path == "/upload" + objects) return upload(request, query, cut);
  if (path == objects) return list(query);
  const std::string key = decoded(path.substr(objects.size() + 1));
  if (path.substr(objects.size() + 1).find('/') != std::string::npos) return fault(404, "notFound", "Not Found");
  switch (request.method) {
    case HttpMethod::get:
      return download(request, key, query, cut);
    case HttpMethod::del:
      return remove(key, query);
    case HttpMethod::patch:
      return patch(request, key, query);
    default:
      return fault(405, "methodNotAllowed", "Not allowed");
  }
}

HttpResponse FakeGcs::upload(const HttpRequest& request, const Query& query, bool cut) {
  if (cut) lose(SendFate::unknown);
  if (value(query, "uploadType") == "multipart") return multipart(request, query);
  if (value(query, "uploadType") == "resumable") return start_session(request, query);
  return fault(400, "invalid", "Unknown uploadType");
}

HttpResponse FakeGcs::multipart(const HttpRequest& request, const Query& query) {
  const std::string type = header(request, "Content-Type");
  const std::string line = "--" + type.substr(type.find("boundary=") + 9);
  const std::string text = body_text(request);
  if (text.size() != request.source_size + request.body.size()) return fault(400, "invalid", "Wrong length");
  const auto json_at = text.find("\r\n\r\n") + 4;
  const auto second = text.find("\r\n" + line + "\r\n", json_at);
  const auto bytes_at = text.find("\r\n\r\n", second) + 4;
  const auto end = text.rfind("\r\n" + line + "--");
  if (!text.starts_with(line) || second == std::string::npos || end == std::string::npos || end < bytes_at)
    return fault(400, "badRequest", "Malformed multipart body");
  const std::lock_guard lock(mutex_);
  auto file = make_file();
  file->append({reinterpret_cast<const std::uint8_t*>(text.data()) + bytes_at, end - bytes_at});
  return finish(value(query, "name"), std::move(file), json::parse(text.substr(json_at, second - json_at)), query);
}

HttpResponse FakeGcs::start_session(const HttpRequest& request, const Query& query) {
  const std::lock_guard lock(mutex_);
  const std::string id = "s" + std::to_string(sessions_.size());
  Session& session = sessions_[id];
  session.bytes = make_file();
  session.metadata = json::parse(body_text(request));
  session.query = query;
  session.total = std::stoull(header(request, "X-Upload-Content-Length"));
  return answer(200, {}, {{"Location", std::string(kHost) + "/session/" + id}});
}

HttpResponse FakeGcs::add_chunk(const HttpRequest& request, const std::string& id, bool cut) {
  if (!header(request, "Authorization").empty()) return fault(400, "invalid", "A session needs no credentials");
  const std::lock_guard lock(mutex_);
  Session& session = sessions_.at(id);
  File& file = *session.bytes;
  const std::string range = header(request, "Content-Range");
  const bool question = range.starts_with("bytes */");
  if (session.done) return answer(200, objects_.at(value(session.query, "name")).resource);
  if (!question) {
    unsigned long long first = 0;
    unsigned long long last = 0;
    unsigned long long total = 0;
    if (std::sscanf(range.c_str(), "bytes %llu-%llu/%llu", &first, &last, &total) != 3 || total != session.total ||
        first != file.size || last - first + 1 != request.source_size ||
        (last + 1 != total && (last - first + 1) % kChunkStep != 0))
      return fault(400, "invalid", "Bad Content-Range " + range);
    std::uint64_t left = cut ? request.source_size / 2 / kChunkStep * kChunkStep : request.source_size;
    Bytes block(65536);
    while (left > 0) {
      const auto count = request.source->read(std::span(block).first(std::min<std::size_t>(block.size(), left)));
      file.append({block.data(), count});
      left -= count;
    }
    if (cut) lose(SendFate::unknown);
  }
  if (file.size < session.total) {
    std::vector<HttpHeader> headers;
    if (file.size > 0) headers.push_back({"Range", "bytes=0-" + std::to_string(file.size - 1)});
    return answer(308, {}, std::move(headers));
  }
  auto response = finish(value(session.query, "name"), session.bytes, session.metadata, session.query);
  session.done = response.ok();
  return response;
}

std::optional<HttpResponse> FakeGcs::precondition(const std::string& key, const Query& query) const {
  const auto found = objects_.find(key);
  const auto is = [&](const char* field) {
    return found == objects_.end() ? "0" : found->second.resource.at(field).get<std::string>();
  };
  const auto wanted = value(query, "ifGenerationMatch");
  const auto meta = value(query, "ifMetagenerationMatch");
  if ((!wanted.empty() && wanted != is("generation")) || (!meta.empty() && meta != is("metageneration")))
    return fault(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
  return std::nullopt;
}

HttpResponse FakeGcs::finish(const std::string& key, std::shared_ptr<File> bytes, const json& metadata,
                             const Query& query) {
  if (auto refused = precondition(key, query)) return *refused;
  const std::string crc = crc32c_text(bytes->crc);
  if (metadata.contains("crc32c") && metadata["crc32c"] != crc)
    return fault(400, "invalid", "Provided CRC32C doesn't match calculated CRC32C");
  if (metadata.contains("acl") || query.contains("predefinedAcl"))
    return fault(400, "invalid", "Cannot use ACL when uniform bucket-level access is enabled");
  Object object;
  object.resource = {{"name", key},
                     {"bucket", bucket_},
                     {"size", std::to_string(bytes->size)},
                     {"generation", std::to_string(++generation_)},
                     {"metageneration", "1"},
                     {"updated", "2026-11-24T10:20:30.123Z"},
                     {"contentType", metadata.value("contentType", "application/octet-stream")},
                     {"crc32c", crc}};
  if (metadata.contains("metadata")) object.resource["metadata"] = metadata["metadata"];
  object.bytes = std::move(bytes);
  const json resource = object.resource;
  objects_[key] = std::move(object);
  return answer(200, resource);
}

HttpResponse FakeGcs::list(const Query& query) const {
  const std::lock_guard lock(mutex_);
  const auto most = static_cast<std::size_t>(std::stoi(value(query, "maxResults")));
  if (most < 1 || most > 1000) return fault(400, "invalid", "maxResults");
  const std::string from = std::max(value(query, "startOffset"), value(query, "pageToken"));
  json page = {{"kind", "storage#objects"}};
  for (auto each = objects_.lower_bound(from); each != objects_.end(); ++each) {
    if (!each->first.starts_with(value(query, "prefix"))) continue;
    if (page.contains("items") && page["items"].size() == most) {
      page["nextPageToken"] = each->first;
      break;
    }
    page["items"].push_back(each->second.resource);
  }
  return answer(200, page);
}

HttpResponse FakeGcs::download(const HttpRequest& request, const std::string& key, const Query& query, bool cut) {
  Object object;
  {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    if (found == objects_.end()) return no_object(key);
    object = found->second;
  }
  if (query.contains("generation") && value(query, "generation") != object.resource["generation"])
    return no_object(key);
  if (value(query, "alt") != "media") return answer(200, object.resource);
  const std::string range = header(request, "Range");
  const std::uint64_t first = range.empty() ? 0 : std::stoull(range.substr(6));
  if (first > 0 && first >= object.bytes->size) return fault(416, "requestedRangeNotSatisfiable", "Range");
  std::uint64_t left = (object.bytes->size - first) / (cut ? 2 : 1);
  std::ifstream in(object.bytes->path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(first));
  Bytes block(65536);
  for (std::size_t count = 1; left > 0 && count > 0; left -= count) {
    in.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(std::min<std::uint64_t>(left, 65536)));
    count = static_cast<std::size_t>(in.gcount());
    request.sink->write({block.data(), count});
  }
  if (cut) lose(SendFate::unknown);
  return {range.empty() ? 200 : 206, {}, {}};
}

HttpResponse FakeGcs::remove(const std::string& key, const Query& query) {
  const std::lock_guard lock(mutex_);
  if (!objects_.contains(key)) return no_object(key);
  if (auto refused = precondition(key, query)) return *refused;
  objects_.erase(key);
  return answer(204);
}

HttpResponse FakeGcs::patch(const HttpRequest& request, const std::string& key, const Query& query) {
  const std::lock_guard lock(mutex_);
  if (!objects_.contains(key)) return no_object(key);
  if (auto refused = precondition(key, query)) return *refused;
  json& resource = objects_.at(key).resource;
  resource.merge_patch(json::parse(body_text(request)));
  resource["metageneration"] = std::to_string(std::stoi(resource["metageneration"].get<std::string>()) + 1);
  return answer(200, resource);
}

}  // namespace vitrine
