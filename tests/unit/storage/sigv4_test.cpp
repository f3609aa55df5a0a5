// Values of "Authenticating Requests (AWS Signature Version 4)" in Amazon's S3 API reference, and of botocore's signer.
#include "storage/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr Timestamp kMay24{1'369'353'600s};

S3Keys keys(std::string token = "") {
  return {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", std::move(token)};
}

S3Signable request(HttpMethod method, std::string host, std::string path, std::string_view body = "") {
  S3Signable made;
  made.method = method;
  made.host = std::move(host);
  made.path = std::move(path);
  made.payload_sha256 = sha256_hex(bytes_in(body));
  return made;
}

std::string authorization(const S3Signable& signable, const S3Keys& by = keys(),
                          std::string_view region = "us-east-1") {
  return sigv4_headers(signable, by, region, kMay24).back().value;
}

constexpr const char* kExample = "examplebucket.s3.amazonaws.com";

TEST(SigV4, SignsTheGetOfTheReference) {
  auto get = request(HttpMethod::get, kExample, "/test.txt");
  get.headers = {{"Range", "bytes=0-9"}};
  EXPECT_EQ(authorization(get),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(SigV4, SignsThePutOfTheReference) {
  auto put = request(HttpMethod::put, kExample, "/test%24file.text", "Welcome to Amazon S3.");
  put.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  EXPECT_THAT(authorization(put),
              EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(SigV4, SignsAQueryWithoutAValue) {
  auto get = request(HttpMethod::get, kExample, "/");
  get.query = {{"lifecycle", ""}};
  EXPECT_THAT(authorization(get),
              EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(SigV4, SortsTheQuery) {
  auto get = request(HttpMethod::get, kExample, "/");
  get.query = {{"prefix", "J"}, {"max-keys", "2"}};
  EXPECT_THAT(authorization(get),
              EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(SigV4, SignsAsBotocoreDoesWithATokenAndMetadata) {
  auto put = request(HttpMethod::put, "s3.eu-central-1.amazonaws.com", "/shop/art/a%2Bb%3D%40.png", "picture");
  put.headers = {{"Content-Type", "image/png"}, {"If-None-Match", "*"}, {"x-amz-meta-sha256", std::string(64, '0')}};
  const auto signed_by = authorization(put, keys("token/with+signs=="), "eu-central-1");
  EXPECT_THAT(signed_by, HasSubstr("SignedHeaders=content-type;host;if-none-match;x-amz-content-sha256;x-amz-date;"
                                   "x-amz-meta-sha256;x-amz-security-token,"));
  EXPECT_THAT(signed_by, EndsWith("Signature=3b7c8a9c173c6b7f293efdecbe1e30146c687ae2c44b53ee4ec22fded122c712"));
}

TEST(SigV4, SignsAsBotocoreDoesWithAPortAndAnEscapedQuery) {
  auto get = request(HttpMethod::get, "127.0.0.1:9000", "/shop");
  get.query = {{"start-after", "z+"}, {"prefix", "a/b c"}, {"list-type", "2"}, {"max-keys", "1000"}};
  EXPECT_THAT(authorization(get),
              EndsWith("Signature=e338f0aefe197ef7b26bbe3f58b20155a6d894fc530b64db6d2e1ebf9f7df640"));
}

TEST(SigV4, SignsAsBotocoreDoesTheStartOfAMultipartUpload) {
  auto post = request(HttpMethod::post, "shop.s3.us-east-1.amazonaws.com", "/large");
  post.query = {{"uploads", ""}};
  post.headers = {{"Content-Type", "image/png"}};
  EXPECT_THAT(authorization(post),
              EndsWith("Signature=e54518e234cbb5b58e5c1e64a3b74e06af0154a164edf663f9df4a3bf14e6a97"));
}

TEST(SigV4, SignsTheAddressOfTheReference) {
  EXPECT_EQ(sigv4_query(request(HttpMethod::get, kExample, "/test.txt"), keys(), "us-east-1", 86'400s, kMay24),
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F"
            "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(SigV4, SignsAnAddressAsBotocoreDoesWithAToken) {
  const auto query = sigv4_query(request(HttpMethod::get, "s3.eu-central-1.amazonaws.com", "/shop/art/a%2Bb.png"),
                                 keys("token/with+signs=="), "eu-central-1", 60s, kMay24);
  EXPECT_THAT(query, HasSubstr("&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D&"));
  EXPECT_THAT(query, EndsWith("X-Amz-Signature=dc510bcda53f527a3784e9e9bcd63660f2316b5cc3bea06ee49ad2387b8cad6a"));
}

TEST(SigV4, TheSecretStaysAtHome) {
  for (const auto& header : sigv4_headers(request(HttpMethod::get, kExample, "/"), keys(), "us-east-1", kMay24))
    EXPECT_EQ(header.value.find("wJalrXUtnFEMI"), std::string::npos);
}

}  // namespace
}  // namespace vitrine
