#include "vitrine/storage/s3_store.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "storage/download.h"
#include "storage/object_rules.h"
#include "storage/rfc3339.h"
#include "storage/s3_client.h"
#include "storage/s3_upload.h"
#include "storage/s3_xml.h"
#include "storage/service_objects.h"
#include "storage/spool.h"

namespace vitrine {
namespace {

ObjectInfo listed_object(std::string_view contents) {
  ObjectInfo info;
  info.ref.key = xml_text(contents, "Key");
  const std::string size = xml_text(contents, "Size");
  const auto read = std::from_chars(size.data(), size.data() + size.size(), info.ref.size);
  const auto time = parse_rfc3339(xml_text(contents, "LastModified"));
  if (read.ec != std::errc() || !time)
    throw Error(ErrorCode::unavailable, "S3's list of objects is none that we understand. Try again.");
  // To the second, as head() tells it: some services list fractions.
  info.updated_at = std::chrono::floor<std::chrono::seconds>(*time);
  return info;
}

ListedPart page_in(const HttpResponse& answer) {
  const std::string_view xml(reinterpret_cast<const char*>(answer.body.data()), answer.body.size());
  if (!xml_element(xml, "ListBucketResult"))
    throw Error(ErrorCode::unavailable, "S3's answer is no list of objects. Check that the endpoint speaks S3.");
  ListedPart page;
  for (const auto contents : xml_elements(xml, "Contents")) page.objects.push_back(listed_object(contents));
  if (xml_text(xml, "IsTruncated") == "true") page.next_token = xml_text(xml, "NextContinuationToken");
  return page;
}

class S3ObjectStore final : public ObjectStore {
 public:
  S3ObjectStore(S3Options options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
      : client_(std::move(options), std::move(transport), std::move(clock)) {}

  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    require_put(key, options);
    const Spool spool(source, client_.options().spool_folder, context);
    upload_to_s3(client_, key, spool, options, context);
    return {std::string(key), spool.sha256(), spool.size(), options.media_type};
  }

  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    require_object_key(key);
    return read_settled(key, [&] {
      const auto object = find_s3_object(client_, key, context);
      if (!object) throw no_such_object(key);
      return download(*object, sink, context);
    });
  }

  std::optional<ObjectInfo> head(std::string_view key, Context& context) override {
    require_object_key(key);
    auto object = find_s3_object(client_, key, context);
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
    // S3 answers the same whether there was something; bound to what was seen, it tells of several racers which one.
    for (int look = 0; look < kMostLooks; ++look) {
      const auto object = find_s3_object(client_, key, context);
      if (!object) return false;
      const auto answer = client_.send(
          [&] {
            S3Request request;
            request.method = HttpMethod::del;
            request.key = key;
            request.headers = {{"If-Match", object->etag}};
            return request;
          },
          context);
      if (answer.response.ok()) return true;
      if (answer.response.status == 404) return answer.doubtful;
      if (answer.response.status != 412) throw client_.refusal(answer.response, "s3:DeleteObject");
    }
    throw object_restless(key);
  }

  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    require_url(key, lifetime);
    if (!find_s3_object(client_, key, context)) throw no_such_object(key);
    return client_.signed_url(key, lifetime);
  }

 private:
  // Empty if the object is another one by now and `sink` got nothing.
  std::optional<ObjectRef> download(const S3Object& object, ByteSink& sink, Context& context) const {
    ObjectRef ref = object.info.ref;
    const auto checked = std::make_shared<CheckedSink>(ref.key, sink, ref.size);
    const auto answer = client_.send([&] { return download_request(object, checked); }, context).response;
    if (answer.status == 412 || answer.status == 404) {
      if (checked->size() == 0) return std::nullopt;
      throw Error(ErrorCode::unavailable,
                  "The object '" + ref.key + "' was replaced or removed while it was read. Read it again.");
    }
    // 416: the line broke behind the last byte, so that a repeat asks for what lies beyond the end.
    const bool complete = answer.status == 416 && checked->size() == ref.size;
    if (!answer.ok() && !complete) throw client_.refusal(answer, "s3:GetObject");
    if (checked->size() != ref.size)
      throw object_corrupt(ref.key, "it does not have its " + std::to_string(ref.size) + " bytes.");
    auto digest = checked->sha256();
    if (!ref.sha256.empty() && digest != ref.sha256)
      throw object_corrupt(ref.key, "its bytes do not have their digest.");
    ref.sha256 = std::move(digest);
    return ref;
  }

  static S3Request download_request(const S3Object& object, const std::shared_ptr<CheckedSink>& sink) {
    S3Request request;
    request.key = object.info.ref.key;
    request.headers = {{"If-Match", object.etag}};
    // A repeat goes on behind what the sink has got.
    if (sink->size() > 0) request.headers.push_back({"Range", "bytes=" + std::to_string(sink->size()) + "-"});
    request.sink = sink;
    request.answer_size = object.info.ref.size;
    return request;
  }

  ListedPart list_part(std::string_view prefix, const std::optional<std::string>& after, std::size_t count,
                   const std::string& token, Context& context) const {
    const auto answer = client_
                            .send(
                                [&] {
                                  S3Request request;
                                  request.query = {{"list-type", "2"},
                                                   {"max-keys", std::to_string(std::min<std::size_t>(count, 1000))},
                                                   {"prefix", std::string(prefix)}};
                                  if (after) request.query.emplace_back("start-after", *after);
                                  if (!token.empty()) request.query.emplace_back("continuation-token", token);
                                  return request;
                                },
                                context)
                            .response;
    if (!answer.ok()) throw client_.refusal(answer, "s3:ListBucket");
    return page_in(answer);
  }

  const S3Client client_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_s3_object_store(S3Options options, std::shared_ptr<HttpTransport> transport,
                                                  std::shared_ptr<Clock> clock) {
  return std::make_unique<S3ObjectStore>(std::move(options), std::move(transport), std::move(clock));
}

}  // namespace vitrine
