#include "storage/s3_upload.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/random_hex.h"
#include "net/http_date.h"
#include "storage/download.h"
#include "storage/object_rules.h"
#include "storage/s3_xml.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

constexpr const char* kSha256 = "x-amz-meta-sha256";
constexpr const char* kPut = "x-amz-meta-vitrine-put";
constexpr std::string_view kRight = "s3:PutObject";
constexpr std::uint64_t kMostParts = 10'000;
constexpr auto kTidyingTime = 10s;

std::string_view text_of(const HttpResponse& answer) {
  return {reinterpret_cast<const char*>(answer.body.data()), answer.body.size()};
}

std::string xml_escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c == '&')
      made += "&amp;";
    else if (c == '<')
      made += "&lt;";
    else
      made += c;
  }
  return made;
}

// One put: its headers, and whether an answer got lost on the way.
class S3Upload {
 public:
  S3Upload(const S3Client& client, std::string_view key, const Spool& spool, const PutOptions& options,
           Context& context)
      : client_(client), key_(key), spool_(spool), options_(options), context_(context) {}

  void run() {
    const HttpResponse answer = spool_.size() <= client_.options().part_bytes ? send_whole() : send_in_parts();
    if (answer.ok()) return;
    const bool taken = answer.status == 412 && options_.mode == PutMode::create_only;
    // After a lost answer both "it is there" and "no such upload" can mean that we are done.
    if ((taken || answer.status == 404) && doubtful_ && is_ours()) return;
    if (taken) throw object_exists(key_);
    throw client_.refusal(answer, kRight);
  }

 private:
  S3Request request(HttpMethod method, Query query = {}) const {
    S3Request made;
    made.method = method;
    made.key = key_;
    made.query = std::move(query);
    return made;
  }

  std::vector<HttpHeader> metadata() const {
    return {{"Content-Type", options_.media_type}, {kSha256, spool_.sha256()}, {kPut, put_}};
  }

  void add_condition(S3Request& made) const {
    if (options_.mode == PutMode::create_only) made.headers.push_back({"If-None-Match", "*"});
  }

  HttpResponse send(const std::function<S3Request()>& make) {
    auto answer = client_.send(make, context_);
    doubtful_ = doubtful_ || answer.doubtful;
    return std::move(answer.response);
  }

  void add_bytes(S3Request& made, std::uint64_t offset, std::uint64_t count, const std::string& digest) const {
    made.source = [this, offset, count] { return std::shared_ptr<ByteSource>(spool_.part(offset, count)); };
    made.source_size = count;
    made.source_sha256 = digest;
  }

  HttpResponse send_whole() {
    return send([&] {
      S3Request made = request(HttpMethod::put);
      made.headers = metadata();
      add_condition(made);
      if (spool_.size() > 0) add_bytes(made, 0, spool_.size(), spool_.sha256());
      return made;
    });
  }

  HttpResponse send_in_parts() {
    HttpResponse answer = send([&] {
      S3Request made = request(HttpMethod::post, {{"uploads", ""}});
      made.headers = metadata();
      return made;
    });
    if (!answer.ok()) return answer;
    const std::string id = xml_text(text_of(answer), "UploadId");
    if (id.empty()) throw Error(ErrorCode::unavailable, "S3 started an upload without naming it. Try again.");
    try {
      answer = send_parts_and_complete(id);
    } catch (...) {
      abort(id);
      throw;
    }
    if (!answer.ok()) abort(id);
    return answer;
  }

  HttpResponse send_parts_and_complete(const std::string& id) {
    // Whole megabytes, so that any service takes them, and few enough parts.
    const std::uint64_t least = (spool_.size() / kMostParts / (1u << 20u) + 1) << 20u;
    const std::uint64_t size = std::max<std::uint64_t>(client_.options().part_bytes, least);
    std::string parts;
    int number = 0;
    for (std::uint64_t offset = 0; offset < spool_.size(); offset += size) {
      const HttpResponse answer = send_part(id, ++number, offset, std::min(size, spool_.size() - offset));
      if (!answer.ok()) return answer;
      parts += "<Part><PartNumber>" + std::to_string(number) + "</PartNumber><ETag>" +
               xml_escaped(answer.header("ETag").value_or("")) + "</ETag></Part>";
      context_.report(static_cast<double>(offset) / static_cast<double>(spool_.size()));
    }
    doubtful_ = false;  // parts may be sent twice; what counts is whether they were joined
    return complete(id, "<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>");
  }

  HttpResponse send_part(const std::string& id, int number, std::uint64_t offset, std::uint64_t count) {
    const std::string digest = spool_.sha256_of(offset, count, context_);
    return send([&] {
      S3Request made = request(HttpMethod::put, {{"partNumber", std::to_string(number)}, {"uploadId", id}});
      add_bytes(made, offset, count, digest);
      return made;
    });
  }

  // S3 begins to answer 200 before it knows: the body tells. An error there is to be repeated.
  HttpResponse complete(const std::string& id, const std::string& parts) {
    HttpResponse answer;
    for (int i = 0; i < client_.options().tries; ++i) {
      answer = send([&] {
        S3Request made = request(HttpMethod::post, {{"uploadId", id}});
        made.headers = {{"Content-Type", "application/xml"}};
        add_condition(made);
        made.body = parts;
        return made;
      });
      if (!answer.ok() || !xml_element(text_of(answer), "Error")) return answer;
      answer.status = s3_fault_in(answer).code == "PreconditionFailed" ? 412 : 503;
      doubtful_ = true;
      if (answer.status == 412) return answer;
    }
    return answer;
  }

  // Parts that nobody joins are paid for until somebody removes them. The caller's context may be over by now.
  void abort(const std::string& id) const noexcept try {
    Context tidying = Context::with_timeout(kTidyingTime);
    client_.send([&] { return request(HttpMethod::del, {{"uploadId", id}}); }, tidying);
  } catch (const std::exception& error) {
    log(LogLevel::warning, "storage",
        std::string("The parts of a broken upload stay in the bucket until its lifecycle rule removes them: ") +
            error.what());
  }

  bool is_ours() const {
    const auto found = find_s3_object(client_, key_, context_);
    return found && found->put == put_;
  }

  const S3Client& client_;
  const std::string key_;
  const Spool& spool_;
  const PutOptions& options_;
  Context& context_;
  const std::string put_ = random_hex(16);
  bool doubtful_ = false;
};

S3Object object_in(const HttpResponse& answer, std::string_view key) {
  S3Object object;
  auto& ref = object.info.ref;
  ref.key = key;
  ref.media_type = answer.header("Content-Type").value_or("");
  const std::string size = answer.header("Content-Length").value_or("");
  const auto read = std::from_chars(size.data(), size.data() + size.size(), ref.size);
  const auto time = parse_http_date(answer.header("Last-Modified").value_or(""));
  object.etag = answer.header("ETag").value_or("");
  if (read.ec != std::errc() || read.ptr != size.data() + size.size() || !time || object.etag.empty())
    throw Error(ErrorCode::unavailable, "S3's answer is none that we understand. Try again.");
  object.info.updated_at = *time;
  // Anybody may have written it.
  if (auto digest = answer.header(kSha256); digest && is_sha256(*digest)) ref.sha256 = *std::move(digest);
  object.put = answer.header(kPut).value_or("");
  return object;
}

}  // namespace

std::optional<S3Object> find_s3_object(const S3Client& client, std::string_view key, Context& context) {
  const auto answer = client
                          .send(
                              [&] {
                                S3Request request;
                                request.method = HttpMethod::head;
                                request.key = key;
                                return request;
                              },
                              context)
                          .response;
  if (answer.ok()) return object_in(answer, key);
  if (answer.status != 404) throw client.refusal(answer, "s3:GetObject");
  client.require_bucket(context);
  return std::nullopt;
}

void upload_to_s3(const S3Client& client, std::string_view key, const Spool& spool, const PutOptions& options,
                  Context& context) {
  S3Upload(client, key, spool, options, context).run();
}

}  // namespace vitrine
