#include "vitrine/storage/gcs_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/percent_encoding.h"
#include "storage/download.h"
#include "storage/gcs_client.h"
#include "storage/gcs_object.h"
#include "storage/gcs_signed_url.h"
#include "storage/gcs_upload.h"
#include "storage/object_rules.h"
#include "storage/random_uuid.h"
#include "storage/service_objects.h"
#include "storage/spool.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

constexpr std::string_view kFirebase = "https://firebasestorage.googleapis.com";
constexpr std::string_view kRead = "read objects in";

class GcsObjectStore final : public ObjectStore {
 public:
  explicit GcsObjectStore(GcsClient client) : client_(std::move(client)) {}

  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    require_put(key, options);
    context.check();
    const Spool spool(source, client_.options().spool_folder, context);
    upload_to_gcs(client_, key, spool, options, context);
    return {std::string(key), spool.sha256(), spool.size(), options.media_type};
  }

  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    require_object_key(key);
    return read_settled(key, [&] {
      const auto object = find_gcs_object(client_, key, context);
      if (!object) throw no_such_object(key);
      return download(*object, sink, context);
    });
  }

  std::optional<ObjectInfo> head(std::string_view key, Context& context) override {
    require_object_key(key);
    auto object = find_gcs_object(client_, key, context);
    if (!object) return std::nullopt;
    return std::move(object->info);
  }

  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) override {
    return page_of_parts(after, limit, [&](std::size_t count, const std::string& token) {
      return list_part(prefix, after, count, token, context);
    });
  }

  bool remove(std::string_view key, Context& context) override {
    require_object_key(key);
    // Bound to the generation that was seen: a repeat must not take what somebody put meanwhile.
    for (int look = 0; look < kMostLooks; ++look) {
      const auto object = find_gcs_object(client_, key, context);
      if (!object) return false;
      const auto answer = send(
          [&] {
            HttpRequest request;
            request.method = HttpMethod::del;
            request.url = client_.object_url(key) + "?ifGenerationMatch=" + object->generation;
            return request;
          },
          context);
      if (answer.response.ok()) return true;
      if (answer.response.status == 404) return answer.doubtful;
      if (answer.response.status != 412) throw client_.refusal(answer.response, "delete objects in");
    }
    throw object_restless(key);
  }

  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    require_url(key, lifetime);
    const auto object = find_gcs_object(client_, key, context);
    if (!object) throw no_such_object(key);
    const auto& options = client_.options();
    if (options.address == GcsAddress::firebase_token) return firebase_url(*object, context);
    if (client_.emulated()) return client_.object_url(key) + "?alt=media";
    return gcs_signed_url(options.endpoint, options.bucket, key, lifetime, client_.clock().now(), client_.credentials(),
                          context);
  }

 private:
  ServiceAnswer send(const std::function<HttpRequest()>& make, Context& context) const {
    return client_.send(make, context);
  }

  // Empty if the generation is gone and `sink` got nothing.
  std::optional<ObjectRef> download(const GcsObject& object, ByteSink& sink, Context& context) const {
    const auto& ref = object.info.ref;
    const auto checked = std::make_shared<CheckedSink>(ref.key, sink, ref.size);
    const auto answer = send([&] { return download_request(object, checked); }, context).response;
    if (answer.status == 404 && !GcsClient::bucket_is_missing(answer)) {
      if (checked->size() == 0) return std::nullopt;
      throw Error(ErrorCode::unavailable,
                  "The object '" + ref.key + "' was replaced or removed while it was read. Read it again.");
    }
    // 416: the line broke behind the last byte, so that a repeat asks for what lies beyond the end.
    const bool complete = answer.status == 416 && checked->size() == ref.size;
    if (!answer.ok() && !complete) throw client_.refusal(answer, kRead);
    return verified(object, *checked);
  }

  HttpRequest download_request(const GcsObject& object, const std::shared_ptr<CheckedSink>& sink) const {
    HttpRequest request;
    request.url = client_.object_url(object.info.ref.key) + "?alt=media&generation=" + object.generation;
    // A repeat goes on behind what the sink has got.
    if (sink->size() > 0) request.headers.push_back({"Range", "bytes=" + std::to_string(sink->size()) + "-"});
    // As stored: unpacked on the way, it would not have its checksum.
    if (!object.content_encoding.empty()) request.headers.push_back({"Accept-Encoding", "gzip"});
    request.sink = sink;
    request.max_response_bytes = SIZE_MAX;
    request.timeout = transfer_timeout(object.info.ref.size);
    return request;
  }

  static ObjectRef verified(const GcsObject& object, CheckedSink& sink) {
    ObjectRef ref = object.info.ref;
    if (sink.size() != ref.size)
      throw object_corrupt(ref.key, "it does not have its " + std::to_string(ref.size) + " bytes.");
    if (object.crc32c && sink.crc32c() != *object.crc32c)
      throw object_corrupt(ref.key, "its bytes do not have their CRC-32C.");
    auto digest = sink.sha256();
    if (!ref.sha256.empty() && digest != ref.sha256)
      throw object_corrupt(ref.key, "its bytes do not have their digest.");
    ref.sha256 = std::move(digest);
    return ref;
  }

  ListedPart list_part(std::string_view prefix, const std::optional<std::string>& after, std::size_t count,
                    const std::string& token, Context& context) const {
    std::string url = client_.objects_url() + "?prefix=" + percent_encoded(prefix) +
                      "&maxResults=" + std::to_string(std::min<std::size_t>(count, 1000)) +
                      "&fields=nextPageToken,items(" + kGcsFields + ")";
    // '!' sorts before all that a key may go on with, so that `after` itself is left out.
    if (after) url += "&startOffset=" + percent_encoded(*after + "!");
    if (!token.empty()) url += "&pageToken=" + percent_encoded(token);
    const auto answer = send(
                            [&] {
                              HttpRequest request;
                              request.url = url;
                              return request;
                            },
                            context)
                            .response;
    if (!answer.ok()) throw client_.refusal(answer, "list objects in");
    GcsPage page = gcs_page_in(answer);
    ListedPart part{{}, std::move(page.next_token)};
    for (GcsObject& object : page.objects) part.objects.push_back(std::move(object.info));
    return part;
  }

  // An object that came without a token gets one of its own: a copied token would lead to the other object.
  std::string firebase_url(const GcsObject& object, Context& context) const {
    const std::string& tokens = object.firebase_tokens;
    const std::string token = tokens.empty() ? add_firebase_token(object, context) : tokens.substr(0, tokens.find(','));
    const auto& options = client_.options();
    return (client_.emulated() ? options.endpoint : std::string(kFirebase)) + "/v0/b/" + options.bucket + "/o/" +
           percent_encoded(object.info.ref.key) + "?alt=media&token=" + percent_encoded(token);
  }

  std::string add_firebase_token(const GcsObject& object, Context& context) const {
    const std::string token = random_uuid();
    const std::string body = nlohmann::json{{"metadata", {{kGcsFirebaseTokens, token}}}}.dump();
    const auto answer = send(
        [&] {
          HttpRequest request;
          request.method = HttpMethod::patch;
          request.url = client_.object_url(object.info.ref.key) + "?ifGenerationMatch=" + object.generation +
                        "&ifMetagenerationMatch=" + object.metageneration;
          request.headers = {{"Content-Type", "application/json"}};
          request.body.assign(body.begin(), body.end());
          return request;
        },
        context);
    if (answer.response.ok()) return token;
    if (answer.response.status == 404) throw no_such_object(object.info.ref.key);
    if (answer.response.status != 412) throw client_.refusal(answer.response, "update objects in");
    // Somebody was faster, or our own try whose answer was lost.
    const auto now = find_gcs_object(client_, object.info.ref.key, context);
    if (now && !now->firebase_tokens.empty()) return now->firebase_tokens.substr(0, now->firebase_tokens.find(','));
    throw Error(ErrorCode::conflict,
                "The object '" + object.info.ref.key + "' was changed while it got an address. Ask again.");
  }

  const GcsClient client_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_gcs_object_store(GcsOptions options, std::shared_ptr<HttpTransport> transport,
                                                   std::shared_ptr<GoogleCredentials> credentials,
                                                   std::shared_ptr<Clock> clock) {
  return std::make_unique<GcsObjectStore>(
      GcsClient(std::move(options), std::move(transport), std::move(credentials), std::move(clock)));
}

}  // namespace vitrine
