#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/storage/s3_store.h"

namespace vitrine {

using Query = std::vector<std::pair<std::string, std::string>>;  ///< Names and values, not yet escaped.

/// A request as Amazon's signature version 4 sees it.
struct S3Signable {
  HttpMethod method = HttpMethod::get;
  std::string host;  ///< With the port, if it is not the scheme's.
  std::string path;  ///< Escaped once; begins with '/'.
  Query query;
  std::vector<HttpHeader> headers;  ///< Those to sign beside the host; names in any case.
  std::string payload_sha256;       ///< Of the body.
};

/// All headers that the request must be sent with but Host: those of `request`, and the signature's.
std::vector<HttpHeader> sigv4_headers(const S3Signable& request, const S3Keys& keys, std::string_view region,
                                      Timestamp now);

/// The query of an address that whoever holds it may use until `lifetime` after `now`.
std::string sigv4_query(const S3Signable& request, const S3Keys& keys, std::string_view region,
                        std::chrono::seconds lifetime, Timestamp now);

/// The query escaped and sorted, as it is signed and must be sent.
std::string canonical_query(Query query);

}  // namespace vitrine
