#include "storage/gcs_client.h"

#include <stdexcept>
#include <utility>

#include "base/percent_encoding.h"
#include "base/shown_text.h"
#include "net/come_back_later.h"
#include "storage/gcs_object.h"
#include "storage/service_endpoint.h"

namespace vitrine {
namespace {

constexpr std::string_view kGoogle = "https://storage.googleapis.com";
constexpr std::size_t kChunkStep = 256u << 10u;
constexpr int kRefreshes = 2;

// The emulator's variable is often given without the scheme that Google's libraries ask for.
std::string with_scheme(const std::string& host) {
  return host.find("://") == std::string::npos ? "http://" + host : host;
}

void require_options(const GcsOptions& options) {
  if (options.bucket.empty() || options.bucket.size() > 222 ||
      options.bucket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") != std::string::npos)
    throw std::invalid_argument("GcsOptions::bucket is '" + shown_text(options.bucket) +
                                "'; a bucket's name has 1 to 222 of a-z 0-9 - _ and '.', without gs:// in front.");
  if (options.chunk_bytes == 0 || options.chunk_bytes % kChunkStep != 0)
    throw std::invalid_argument("GcsOptions::chunk_bytes is " + std::to_string(options.chunk_bytes) +
                                "; it must be a positive multiple of 262144.");
  if (options.tries < 1 || options.tries > 20)
    throw std::invalid_argument("GcsOptions::tries is " + std::to_string(options.tries) + "; it must be 1 to 20.");
}

}  // namespace

GcsClient::GcsClient(GcsOptions options, std::shared_ptr<HttpTransport> transport,
                     std::shared_ptr<GoogleCredentials> credentials, std::shared_ptr<Clock> clock)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      credentials_(std::move(credentials)),
      clock_(std::move(clock)) {
  require_options(options_);
  if (options_.endpoint.empty()) {
    const std::string emulator = google_environment().storage_emulator;
    emulated_ = !emulator.empty();
    options_.endpoint = emulated_ ? with_scheme(emulator) : std::string(kGoogle);
  }
  options_.endpoint = service_endpoint(options_.endpoint, "GcsOptions::endpoint");
  if (!credentials_) {
    credentials_ = make_google_token_credentials("");
    emulated_ = true;
  }
}

RepeatRules GcsClient::rules() const {
  RepeatRules rules;
  rules.tries = options_.tries;
  rules.also = [](const HttpResponse& answer) {
    return answer.status == 403 && gcs_fault_in(answer).reason == "rateLimitExceeded";
  };
  return rules;
}

std::string GcsClient::objects_url() const { return options_.endpoint + "/storage/v1/b/" + options_.bucket + "/o"; }

std::string GcsClient::object_url(std::string_view key) const { return objects_url() + "/" + percent_encoded(key); }

std::string GcsClient::upload_url(std::string_view key) const {
  return options_.endpoint + "/upload/storage/v1/b/" + options_.bucket + "/o?name=" + percent_encoded(key);
}

ServiceAnswer GcsClient::send(const std::function<HttpRequest()>& make, Context& context) const {
  bool doubtful = false;
  for (int refreshes = 0;; ++refreshes) {
    std::vector<HttpHeader> used;
    auto answer = send_repeatedly(
        *transport_,
        [&] {
          HttpRequest request = make();
          used = credentials_->headers(context);
          request.headers.insert(request.headers.end(), used.begin(), used.end());
          return request;
        },
        rules(), *clock_, context);
    answer.doubtful = doubtful = doubtful || answer.doubtful;
    if (answer.response.status != 401 || used.empty() || refreshes == kRefreshes) return answer;
    credentials_->reject(used);
  }
}

bool GcsClient::bucket_is_missing(const HttpResponse& answer) {
  return answer.status == 404 && gcs_fault_in(answer).message.find("bucket does not exist") != std::string::npos;
}

Error GcsClient::no_bucket() const {
  return {ErrorCode::not_found,
          "There is no bucket '" + options_.bucket + "' that " + credentials_->name() +
              " may see. Correct the name (FIREBASE_STORAGE_BUCKET) or make the bucket: gcloud storage buckets create "
              "gs://" +
              options_.bucket + " --uniform-bucket-level-access"};
}

Error GcsClient::refusal(const HttpResponse& answer, std::string_view deed) const {
  const auto fault = gcs_fault_in(answer);
  const int status = answer.status;
  const std::string bucket = "bucket '" + options_.bucket + "'";
  const std::string said = fault.message.empty() ? "" : " Cloud Storage says: " + fault.message;
  if (status == 429 || fault.reason == "rateLimitExceeded")
    return error_to_retry(ErrorCode::rate_limited,
                          "There are too many requests for " + bucket + ". Try again later, from fewer workers." + said,
                          answer, clock_->now());
  if (status == 401)
    return {ErrorCode::permission_denied, "Cloud Storage does not take the credentials of " + credentials_->name() +
                                              ". Make a new key or log in again." + said};
  if (status == 403)
    return {ErrorCode::permission_denied, "A right is missing: " + credentials_->name() + " may not " +
                                              std::string(deed) + " " + bucket +
                                              ". Grant it the role roles/storage.objectUser on that bucket." + said};
  if (status == 404) return no_bucket();
  if (come_back_later(status))
    return error_to_retry(
        ErrorCode::unavailable,
        "Cloud Storage does not work for now: it answers " + std::to_string(status) + ". Try again later." + said,
        answer, clock_->now());
  return {ErrorCode::unavailable,
          "Cloud Storage refuses a request for " + bucket + " with status " + std::to_string(status) +
              ". Check the bucket's name and settings." + said,
          Retry::never};
}

}  // namespace vitrine
