// Our own, since libcurl's is wrong for queries out of order, for some characters in a path and for streamed bodies
// up to 8.14, and cannot make addresses. See "Authenticating Requests (AWS Signature Version 4)" in Amazon's S3 API
// reference.
#include "storage/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

#include "base/base64.h"
#include "base/hex.h"
#include "base/percent_encoding.h"
#include "net/ascii.h"
#include "storage/rfc3339.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

Bytes hmac(ByteView key, std::string_view text) {
  Bytes digest(32);
  unsigned size = 0;
  const ByteView bytes = bytes_in(text);
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(), digest.data(), &size) ==
      nullptr)
    throw std::runtime_error("OpenSSL offers no HMAC-SHA256.");
  return digest;
}

std::string scope_of(const std::string& time, std::string_view region) {
  return time.substr(0, 8) + "/" + std::string(region) + "/s3/aws4_request";
}

// Value without blanks around it, and with one where several were.
std::string trimmed_value(std::string_view value) {
  std::string made;
  for (const char c : trimmed(value))
    if (c != ' ' || !made.ends_with(' ')) made += c;
  return made;
}

struct CanonicalHeaders {
  std::string lines;  ///< Each "name:value\n", sorted.
  std::string names;  ///< "host;x-amz-date"
};

CanonicalHeaders canonical_headers(const S3Signable& request) {
  std::vector<std::pair<std::string, std::string>> headers{{"host", request.host}};
  for (const auto& header : request.headers) headers.emplace_back(lower(header.name), trimmed_value(header.value));
  std::sort(headers.begin(), headers.end());
  CanonicalHeaders made;
  for (const auto& [name, value] : headers) {
    made.lines += name + ":" + value + "\n";
    made.names += (made.names.empty() ? "" : ";") + name;
  }
  return made;
}

std::string signature_of(const S3Signable& request, const CanonicalHeaders& headers, const S3Keys& keys,
                         std::string_view region, const std::string& time) {
  const std::string canonical = std::string(name_of(request.method)) + "\n" + request.path + "\n" +
                                canonical_query(request.query) + "\n" + headers.lines + "\n" + headers.names + "\n" +
                                request.payload_sha256;
  const std::string text =
      std::string(kAlgorithm) + "\n" + time + "\n" + scope_of(time, region) + "\n" + sha256_hex(bytes_in(canonical));
  Bytes key = hmac(bytes_in("AWS4" + keys.secret_key), time.substr(0, 8));
  for (const std::string_view step : {region, std::string_view("s3"), std::string_view("aws4_request")})
    key = hmac(key, step);
  return hex_text(hmac(key, text));
}

}  // namespace

std::string canonical_query(Query query) {
  for (auto& [name, value] : query) {
    name = percent_encoded(name);
    value = percent_encoded(value);
  }
  std::sort(query.begin(), query.end());
  std::string text;
  for (const auto& [name, value] : query) text += (text.empty() ? "" : "&") + name + "=" + value;
  return text;
}

std::vector<HttpHeader> sigv4_headers(const S3Signable& request, const S3Keys& keys, std::string_view region,
                                      Timestamp now) {
  const std::string time = compact_time(now);
  S3Signable whole = request;
  whole.headers.push_back({"x-amz-content-sha256", request.payload_sha256});
  whole.headers.push_back({"x-amz-date", time});
  if (!keys.session_token.empty()) whole.headers.push_back({"x-amz-security-token", keys.session_token});
  const auto headers = canonical_headers(whole);
  whole.headers.push_back({"Authorization", std::string(kAlgorithm) + " Credential=" + keys.access_key + "/" +
                                                scope_of(time, region) + ", SignedHeaders=" + headers.names +
                                                ", Signature=" + signature_of(whole, headers, keys, region, time)});
  return std::move(whole.headers);
}

std::string sigv4_query(const S3Signable& request, const S3Keys& keys, std::string_view region,
                        std::chrono::seconds lifetime, Timestamp now) {
  const std::string time = compact_time(now);
  S3Signable whole = request;
  whole.payload_sha256 = "UNSIGNED-PAYLOAD";
  const auto headers = canonical_headers(whole);
  whole.query.emplace_back("X-Amz-Algorithm", kAlgorithm);
  whole.query.emplace_back("X-Amz-Credential", keys.access_key + "/" + scope_of(time, region));
  whole.query.emplace_back("X-Amz-Date", time);
  whole.query.emplace_back("X-Amz-Expires", std::to_string(lifetime.count()));
  if (!keys.session_token.empty()) whole.query.emplace_back("X-Amz-Security-Token", keys.session_token);
  whole.query.emplace_back("X-Amz-SignedHeaders", headers.names);
  const std::string signature = signature_of(whole, headers, keys, region, time);
  return canonical_query(std::move(whole.query)) + "&X-Amz-Signature=" + signature;
}

}  // namespace vitrine
