#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// How the bucket is named in an address.
enum class S3Style {
  automatic,     ///< virtual_host for Amazon, unless the bucket's name has a dot; path for a given endpoint.
  virtual_host,  ///< https://bucket.host/key
  path,          ///< https://host/bucket/key
};

struct S3Keys {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  ///< Of temporary keys; empty for lasting ones.
};

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
VITRINE_EXPORT S3Keys s3_keys_from_environment();

struct S3Options {
  std::string bucket;
  std::string region = "us-east-1";  ///< If the bucket lies elsewhere, Amazon says so and we follow.
  std::string endpoint;              ///< https://host[:port] of another service than Amazon's. Empty: Amazon's.
  S3Style style = S3Style::automatic;
  S3Keys keys;

  /// Larger objects go up in parts of at least this size, each repeated by itself if it is lost. 5 MiB to 5 GiB. Costs
  /// no memory; lower it where a minute does not suffice for a part.
  std::size_t part_bytes = 16u << 20u;

  /// How often a request is sent before its error is reported, with growing waits between. 1 to 20.
  int tries = 6;

  /// Where objects beyond 4 MiB wait while they go up. Empty: the system's folder for temporary files.
  std::filesystem::path spool_folder;
};

/// Keeps objects in a bucket of Amazon S3 or of a service that speaks its protocol. That must know If-None-Match for
/// put, else create_only overwrites, and If-Match for delete, else each of several racing removes says true. Never sets
/// an ACL; objects are as private as the bucket. The digest lies in the object's metadata. Objects that something else
/// put are read as they are, with no sha256 in head(). list() gives neither sha256 nor media type.
///
/// The keys need s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and s3:ListBucket. Asks nobody
/// yet. Throws std::invalid_argument for options out of range.
VITRINE_EXPORT std::unique_ptr<ObjectStore> make_s3_object_store(S3Options options,
                                                                 std::shared_ptr<HttpTransport> transport,
                                                                 std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
