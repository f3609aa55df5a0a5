#include "storage/gcs_upload.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/base64.h"
#include "base/random_hex.h"
#include "net/come_back_later.h"
#include "storage/joined_source.h"
#include "storage/object_rules.h"
#include "storage/random_uuid.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

constexpr int kMostSessions = 3;
constexpr std::string_view kDeed = "create objects in";

// One put: its metadata, and whether an answer got lost on the way.
class GcsUpload {
 public:
  GcsUpload(const GcsClient& client, std::string_view key, const Spool& spool, const PutOptions& options,
            Context& context)
      : client_(client), key_(key), spool_(spool), options_(options), context_(context) {}

  GcsObject run() {
    const bool small = spool_.size() <= client_.options().chunk_bytes;
    const HttpResponse answer = small ? send_whole() : send_in_sessions();
    if (answer.status == 412 && options_.mode == PutMode::create_only) return ours_or_conflict();
    if (!answer.ok()) throw client_.refusal(answer, kDeed);
    return checked(gcs_object_in(answer));
  }

 private:
  std::string url(std::string_view type) const {
    return client_.upload_url(key_) + "&uploadType=" + std::string(type) + "&fields=" + kGcsFields +
           (options_.mode == PutMode::create_only ? "&ifGenerationMatch=0" : "");
  }

  // The service compares the bytes with the checksum before the object appears.
  std::string metadata() const {
    nlohmann::json custom = {{kGcsSha256, spool_.sha256()}, {kGcsPut, put_}};
    if (!firebase_token_.empty()) custom[kGcsFirebaseTokens] = firebase_token_;
    return nlohmann::json{
        {"contentType", options_.media_type}, {"crc32c", crc32c_text(spool_.crc32c())}, {"metadata", custom}}
        .dump();
  }

  HttpResponse send_whole() {
    const std::string boundary = random_hex(16);
    const std::string head = "--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n" +
                             metadata() + "\r\n--" + boundary + "\r\nContent-Type: " + options_.media_type + "\r\n\r\n";
    const std::string tail = "\r\n--" + boundary + "--\r\n";
    const auto answer = client_.send(
        [&] {
          HttpRequest request;
          request.method = HttpMethod::post;
          request.url = url("multipart");
          request.headers = {{"Content-Type", "multipart/related; boundary=" + boundary}};
          request.source = joined_source(head, spool_.part(0, spool_.size()), tail);
          request.source_size = head.size() + static_cast<std::size_t>(spool_.size()) + tail.size();
          request.timeout = transfer_timeout(spool_.size());
          return request;
        },
        context_);
    doubtful_ = doubtful_ || answer.doubtful;
    return answer.response;
  }

  // A session that the service has lost begins anew.
  HttpResponse send_in_sessions() {
    HttpResponse answer;
    for (int i = 0; i < kMostSessions; ++i) {
      answer = start_session();
      if (!answer.ok()) return answer;
      answer = send_chunks(session_in(answer));
      if (answer.status != 404 && answer.status != 410) return answer;
    }
    return answer;
  }

  HttpResponse start_session() const {
    const std::string body = metadata();
    return client_
        .send(
            [&] {
              HttpRequest request;
              request.method = HttpMethod::post;
              request.url = url("resumable");
              request.headers = {{"Content-Type", "application/json; charset=UTF-8"},
                                 {"X-Upload-Content-Type", options_.media_type},
                                 {"X-Upload-Content-Length", std::to_string(spool_.size())}};
              request.body.assign(body.begin(), body.end());
              return request;
            },
            context_)
        .response;
  }

  // The address of a session is a secret: it carries the right to write, so no credentials go with it.
  std::string session_in(const HttpResponse& answer) const {
    std::string session = answer.header("Location").value_or("");
    if (session.starts_with("https://") || session.starts_with(client_.options().endpoint + "/")) return session;
    throw Error(ErrorCode::unavailable, "Cloud Storage started an upload without saying where. Try again.");
  }

  // Goes on from where the service says it is, never from our own count.
  HttpResponse send_chunks(const std::string& session) {
    std::uint64_t offset = 0;
    RandomSource random = make_random_source();
    std::optional<RetrySchedule> standing_still;
    for (;;) {
      context_.check();
      HttpResponse answer = send_chunk(session, offset);
      if (answer.status != 308) return answer;
      const std::uint64_t kept = kept_in(answer);
      if (kept > spool_.size()) throw client_.refusal({500, {}, {}}, kDeed);
      if (kept > offset)
        standing_still.reset();
      else
        wait_for_next_try(standing_still ? *standing_still
                                         : standing_still.emplace(repeat_schedule(client_.rules(), random)));
      offset = kept;
      context_.report(static_cast<double>(offset) / static_cast<double>(spool_.size()));
    }
  }

  void wait_for_next_try(RetrySchedule& schedule) const {
    const auto wait = schedule.next();
    if (!wait) throw client_.refusal({503, {}, {}}, kDeed);
    client_.clock().sleep_until(client_.clock().now() + *wait, context_);
  }

  // One try of a chunk; if its answer does not come, what the service says it has.
  HttpResponse send_chunk(const std::string& session, std::uint64_t offset) {
    const std::uint64_t count = std::min<std::uint64_t>(client_.options().chunk_bytes, spool_.size() - offset);
    HttpRequest request;
    request.method = HttpMethod::put;
    request.url = session;
    request.headers = {{"Content-Range", range_text(offset, count)}};
    if (count > 0) request.source = spool_.part(offset, count);
    request.source_size = static_cast<std::size_t>(count);
    request.timeout = transfer_timeout(count);
    try {
      HttpResponse answer = client_.transport().send(request, context_);
      if (!come_back_later(answer.status)) return answer;
    } catch (const HttpError& error) {
      if (error.code() != ErrorCode::unavailable) throw;
    }
    doubtful_ = true;
    return ask_session(session);
  }

  HttpResponse ask_session(const std::string& session) const {
    RepeatRules rules = client_.rules();
    return send_repeatedly(
               client_.transport(),
               [&] {
                 HttpRequest request;
                 request.method = HttpMethod::put;
                 request.url = session;
                 request.headers = {{"Content-Range", "bytes */" + std::to_string(spool_.size())}};
                 return request;
               },
               rules, client_.clock(), context_)
        .response;
  }

  std::string range_text(std::uint64_t offset, std::uint64_t count) const {
    const std::string total = "/" + std::to_string(spool_.size());
    if (count == 0) return "bytes *" + total;
    return "bytes " + std::to_string(offset) + "-" + std::to_string(offset + count - 1) + total;
  }

  // "bytes=0-N": N + 1 bytes are kept; nothing without it.
  static std::uint64_t kept_in(const HttpResponse& answer) {
    const std::string range = answer.header("Range").value_or("");
    constexpr std::string_view kStart = "bytes=0-";
    if (!range.starts_with(kStart)) return 0;
    std::uint64_t last = 0;
    std::from_chars(range.data() + kStart.size(), range.data() + range.size(), last);
    return last + 1;
  }

  // The key is taken: by our own earlier try, whose answer was lost, or by somebody else.
  GcsObject ours_or_conflict() const {
    if (doubtful_)
      if (auto found = find_gcs_object(client_, key_, context_); found && found->put == put_)
        return checked(*std::move(found));
    throw object_exists(key_);
  }

  GcsObject checked(GcsObject object) const {
    if (object.info.ref.size != spool_.size() || (object.crc32c && *object.crc32c != spool_.crc32c()))
      throw object_corrupt(key_, "Cloud Storage kept other bytes than were sent.");
    return object;
  }

  const GcsClient& client_;
  const std::string key_;
  const Spool& spool_;
  const PutOptions& options_;
  Context& context_;
  const std::string put_ = random_hex(16);
  const std::string firebase_token_ =
      client_.options().address == GcsAddress::firebase_token ? random_uuid() : std::string();
  bool doubtful_ = false;
};

}  // namespace

GcsObject upload_to_gcs(const GcsClient& client, std::string_view key, const Spool& spool, const PutOptions& options,
                        Context& context) {
  return GcsUpload(client, key, spool, options, context).run();
}

std::optional<GcsObject> find_gcs_object(const GcsClient& client, std::string_view key, Context& context) {
  const auto answer = client
                          .send(
                              [&] {
                                HttpRequest request;
                                request.url = client.object_url(key) + "?fields=" + kGcsFields;
                                return request;
                              },
                              context)
                          .response;
  if (answer.status == 404 && !GcsClient::bucket_is_missing(answer)) return std::nullopt;
  if (!answer.ok()) throw client.refusal(answer, "read objects in");
  return gcs_object_in(answer);
}

}  // namespace vitrine
