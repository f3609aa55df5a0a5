#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/s3_client.h"
#include "storage/spool.h"

namespace vitrine {

/// What HEAD says about an object.
struct S3Object {
  ObjectInfo info;
  std::string etag;  ///< As it came, with its quotes.
  std::string put;   ///< Our random mark, made for each put: tells our object from another's. Empty without one.
};

/// The object under `key`, if there is one.
std::optional<S3Object> find_s3_object(const S3Client& client, std::string_view key, Context& context);

/// Puts what `spool` holds under `key`: in one request up to the size of a part, else in parts that appear together.
/// Throws Error: conflict (create_only and the key is taken), and what S3Client::refusal() says.
void upload_to_s3(const S3Client& client, std::string_view key, const Spool& spool, const PutOptions& options,
                  Context& context);

}  // namespace vitrine
