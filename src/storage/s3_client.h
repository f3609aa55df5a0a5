#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "storage/repeated_send.h"
#include "storage/sigv4.h"
#include "vitrine/base/byte_stream.h"
#include "vitrine/base/error.h"

namespace vitrine {

/// One request to a bucket, before it has an address and a signature.
struct S3Request {
  HttpMethod method = HttpMethod::get;
  std::string key;  ///< Empty for the bucket itself.
  Query query;
  std::vector<HttpHeader> headers;
  std::string body;

  /// Gives the body, afresh for each try, if it is not `body`: `source_size` bytes with the digest `source_sha256`.
  std::function<std::shared_ptr<ByteSource>()> source;
  std::uint64_t source_size = 0;
  std::string source_sha256;

  std::shared_ptr<ByteSink> sink;
  std::uint64_t answer_size = 0;  ///< What `sink` will get, for the time it may take.
};

/// What an error answer says; empty where it says nothing, as after HEAD.
struct S3Fault {
  std::string code;
  std::string message;
};
S3Fault s3_fault_in(const HttpResponse& answer);

/// Sends requests to one bucket: address style, region, signature, repeats, and what its refusals mean.
class S3Client {
 public:
  S3Client(S3Options options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock);

  const S3Options& options() const { return options_; }

  /// Sends what `make` makes, afresh and freshly signed for each try; to another region if the answer names it.
  ServiceAnswer send(const std::function<S3Request()>& make, Context& context) const;

  /// The address of `key` for whoever holds it.
  std::string signed_url(std::string_view key, std::chrono::seconds lifetime) const;

  /// What to throw for an answer that is neither success nor something the caller understands. `right` is what the
  /// keys lack after 403: "s3:PutObject". The messages name the bucket and what to do.
  Error refusal(const HttpResponse& answer, std::string_view right) const;

  /// Throws not_found unless the bucket is there: a HEAD of an object does not tell which of the two is missing.
  void require_bucket(Context& context) const;

 private:
  struct Place {
    std::string origin;  ///< https://host[:port]
    std::string host;
    std::string path;  ///< "" or "/bucket"
    std::string region;
  };
  Place place() const;
  HttpRequest signed_request(const S3Request& request) const;
  std::optional<Error> denial(const HttpResponse& answer, const S3Fault& fault, std::string_view right) const;
  bool move_to_region_in(const HttpResponse& answer) const;

  S3Options options_;
  std::shared_ptr<HttpTransport> transport_;
  std::shared_ptr<Clock> clock_;
  mutable std::mutex mutex_;
  mutable std::string region_;
  mutable bool bucket_seen_ = false;
};

}  // namespace vitrine
