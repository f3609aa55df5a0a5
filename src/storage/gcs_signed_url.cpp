#include "storage/gcs_signed_url.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/percent_encoding.h"
#include "storage/rfc3339.h"
#include "storage/service_endpoint.h"
#include "vitrine/base/sha256.h"

namespace vitrine {

std::string gcs_signed_url(std::string_view endpoint, std::string_view bucket, std::string_view key,
                           std::chrono::seconds lifetime, Timestamp now, GoogleCredentials& credentials,
                           Context& context) {
  constexpr std::string_view kAlgorithm = "GOOG4-RSA-SHA256";
  const std::string time = compact_time(now);
  const std::string scope = time.substr(0, 8) + "/auto/storage/goog4_request";
  const std::string path = "/" + std::string(bucket) + "/" + percent_encoded(key, "/");
  // In this order they are sorted.
  const std::string query = "X-Goog-Algorithm=" + std::string(kAlgorithm) +
                            "&X-Goog-Credential=" + percent_encoded(credentials.account(context) + "/" + scope) +
                            "&X-Goog-Date=" + time + "&X-Goog-Expires=" + std::to_string(lifetime.count()) +
                            "&X-Goog-SignedHeaders=host";
  const std::string request =
      "GET\n" + path + "\n" + query + "\nhost:" + host_in(endpoint) + "\n\nhost\nUNSIGNED-PAYLOAD";
  const std::string text = std::string(kAlgorithm) + "\n" + time + "\n" + scope + "\n" + sha256_hex(bytes_in(request));
  return std::string(endpoint) + path + "?" + query +
         "&X-Goog-Signature=" + hex_text(credentials.sign(bytes_in(text), context));
}

}  // namespace vitrine
