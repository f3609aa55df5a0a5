#include "storage/s3_client.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "base/base64.h"
#include "base/percent_encoding.h"
#include "base/shown_text.h"
#include "net/come_back_later.h"
#include "net/http_date.h"
#include "storage/s3_xml.h"
#include "storage/service_endpoint.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::string_view kNameChars = "abcdefghijklmnopqrstuvwxyz0123456789-.";
constexpr int kMostMoves = 2;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// Keys go into headers: a line break would smuggle in another one.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

void require_keys(const S3Keys& keys) {
  if (keys.access_key.empty() || keys.secret_key.empty())
    throw std::invalid_argument(
        "S3Options::keys are empty. Give both keys, or use s3_keys_from_environment() and set AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY.");
  if (!is_plain(keys.access_key) || !is_plain(keys.secret_key) || !is_plain(keys.session_token))
    throw std::invalid_argument("S3Options::keys hold blanks or line breaks. Copy them again.");
}

void require_options(const S3Options& options) {
  if (options.bucket.size() < 3 || options.bucket.size() > 63 ||
      options.bucket.find_first_not_of(kNameChars) != std::string::npos)
    throw std::invalid_argument("S3Options::bucket is '" + shown_text(options.bucket) +
                                "'; a bucket's name has 3 to 63 of a-z 0-9 '-' and '.', without s3:// in front.");
  if (!is_region(options.region))
    throw std::invalid_argument("S3Options::region is '" + shown_text(options.region) +
                                "'; write it like eu-central-1, or us-east-1 for a service that has none.");
  if (options.part_bytes < 5u << 20u || options.part_bytes > std::size_t{5} << 30u)
    throw std::invalid_argument("S3Options::part_bytes is " + std::to_string(options.part_bytes) +
                                "; it must be 5242880 to 5368709120, as S3 has it.");
  if (options.tries < 1 || options.tries > 20)
    throw std::invalid_argument("S3Options::tries is " + std::to_string(options.tries) + "; it must be 1 to 20.");
  require_keys(options.keys);
}

// A certificate for *.host does not cover a bucket with a dot in its name.
S3Style resolved_style(const S3Options& options) {
  if (options.style != S3Style::automatic) return options.style;
  const bool dotted = options.bucket.find('.') != std::string::npos;
  return options.endpoint.empty() && !dotted ? S3Style::virtual_host : S3Style::path;
}

// Answers to a race between writers and to an overload that come with other statuses.
bool is_passing(const HttpResponse& answer) {
  if (answer.status != 409) return false;
  const std::string code = s3_fault_in(answer).code;
  return code == "ConditionalRequestConflict" || code == "OperationAborted";
}

std::string said(const S3Fault& fault) {
  return fault.code.empty() ? "" : " S3 says: " + fault.code + ": " + fault.message;
}

}  // namespace

S3Keys s3_keys_from_environment() {
  return {variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")};
}

S3Fault s3_fault_in(const HttpResponse& answer) {
  const std::string_view xml(reinterpret_cast<const char*>(answer.body.data()), answer.body.size());
  return {shown_text(xml_text(xml, "Code")), shown_text(xml_text(xml, "Message"))};
}

S3Client::S3Client(S3Options options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      clock_(std::move(clock)),
      region_(options_.region) {
  require_options(options_);
  options_.style = resolved_style(options_);
  if (!options_.endpoint.empty()) options_.endpoint = service_endpoint(options_.endpoint, "S3Options::endpoint");
}

S3Client::Place S3Client::place() const {
  Place place;
  {
    const std::lock_guard lock(mutex_);
    place.region = region_;
  }
  std::string endpoint = options_.endpoint;
  if (endpoint.empty()) endpoint = "https://s3." + place.region + ".amazonaws.com";
  place.host = host_in(endpoint);
  if (options_.style == S3Style::path)
    place.path = "/" + options_.bucket;
  else
    place.host = options_.bucket + "." + place.host;
  place.origin = endpoint.substr(0, endpoint.find("://") + 3) + place.host;
  return place;
}

HttpRequest S3Client::signed_request(const S3Request& request) const {
  const Place at = place();
  S3Signable signable;
  signable.method = request.method;
  signable.host = at.host;
  signable.path = at.path + (request.key.empty() && !at.path.empty() ? "" : "/") + percent_encoded(request.key, "/");
  signable.query = request.query;
  signable.headers = request.headers;
  signable.payload_sha256 = request.source ? request.source_sha256 : sha256_hex(bytes_in(request.body));
  HttpRequest made;
  made.method = request.method;
  made.url = at.origin + signable.path;
  if (!request.query.empty()) made.url += "?" + canonical_query(request.query);
  made.headers = sigv4_headers(signable, options_.keys, at.region, clock_->now());
  made.body.assign(request.body.begin(), request.body.end());
  if (request.source) made.source = request.source();
  if (request.source) made.source_size = static_cast<std::size_t>(request.source_size);
  made.sink = request.sink;
  if (request.sink) made.max_response_bytes = SIZE_MAX;
  made.timeout = transfer_timeout(request.source_size + request.answer_size);
  return made;
}

// The host and the region are signed, so a redirect is followed by signing anew.
bool S3Client::move_to_region_in(const HttpResponse& answer) const {
  if (answer.status != 301 && answer.status != 307 && answer.status != 400 && answer.status != 403) return false;
  std::string region = answer.header("x-amz-bucket-region").value_or("");
  if (region.empty() && answer.status == 400)
    region = xml_text({reinterpret_cast<const char*>(answer.body.data()), answer.body.size()}, "Region");
  const std::lock_guard lock(mutex_);
  if (!is_region(region) || region == region_) return false;
  region_ = region;
  return true;
}

ServiceAnswer S3Client::send(const std::function<S3Request()>& make, Context& context) const {
  RepeatRules rules;
  rules.tries = options_.tries;
  rules.also = is_passing;
  bool doubtful = false;
  for (int moves = 0;; ++moves) {
    auto answer = send_repeatedly(
        *transport_, [&] { return signed_request(make()); }, rules, *clock_, context);
    answer.doubtful = doubtful = doubtful || answer.doubtful;
    if (moves == kMostMoves || !move_to_region_in(answer.response)) return answer;
  }
}

std::string S3Client::signed_url(std::string_view key, std::chrono::seconds lifetime) const {
  const Place at = place();
  S3Signable signable;
  signable.host = at.host;
  signable.path = at.path + "/" + percent_encoded(key, "/");
  return at.origin + signable.path + "?" + sigv4_query(signable, options_.keys, at.region, lifetime, clock_->now());
}

void S3Client::require_bucket(Context& context) const {
  {
    const std::lock_guard lock(mutex_);
    if (bucket_seen_) return;
  }
  const auto answer = send(
                          [] {
                            S3Request request;
                            request.method = HttpMethod::head;
                            return request;
                          },
                          context)
                          .response;
  // Who may read an object need not be allowed to ask for the bucket.
  if (answer.status == 404) throw refusal(answer, "s3:ListBucket");
  const std::lock_guard lock(mutex_);
  bucket_seen_ = true;
}

// Where only our side can mend it: the clock, the keys, the rights.
std::optional<Error> S3Client::denial(const HttpResponse& answer, const S3Fault& fault, std::string_view right) const {
  const std::string bucket = "bucket '" + options_.bucket + "'";
  if (fault.code == "RequestTimeTooSkewed") {
    const auto date = parse_http_date(answer.header("Date").value_or(""));
    const std::string skew =
        date ? "; S3's is " + std::to_string(std::chrono::floor<std::chrono::seconds>(*date - clock_->now()).count()) +
                   " s ahead"
             : "";
    return Error(
        ErrorCode::permission_denied,
        "S3 takes no requests from a clock that is wrong by 15 minutes. Set this machine's clock right" + skew + ".");
  }
  static constexpr std::array<std::string_view, 4> kBadKeys{"InvalidAccessKeyId", "SignatureDoesNotMatch",
                                                            "ExpiredToken", "InvalidToken"};
  if (std::find(kBadKeys.begin(), kBadKeys.end(), fault.code) != kBadKeys.end() || answer.status == 401)
    return Error(ErrorCode::permission_denied,
                 "S3 does not take the keys for " + bucket +
                     ". Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; temporary keys end." +
                     said(fault));
  if (answer.status == 403)
    return Error(ErrorCode::permission_denied,
                 "A right is missing: the keys do not have " + std::string(right) + " on " + bucket +
                     ". Grant it in the policy of the user or the bucket. Without s3:ListBucket on the bucket, a "
                     "missing object is forbidden too." +
                     said(fault));
  return std::nullopt;
}

Error S3Client::refusal(const HttpResponse& answer, std::string_view right) const {
  const auto fault = s3_fault_in(answer);
  const int status = answer.status;
  const std::string bucket = "bucket '" + options_.bucket + "'";
  if (status == 429 || fault.code == "SlowDown")
    return error_to_retry(
        ErrorCode::rate_limited,
        "There are too many requests for " + bucket + ". Try again later, from fewer workers." + said(fault), answer,
        clock_->now());
  if (auto denied = denial(answer, fault, right)) return *denied;
  if (status == 404)
    return {ErrorCode::not_found,
            "There is no " + bucket + " in " + place().region +
                ". Correct its name, region or endpoint, or make it: aws s3api create-bucket --bucket " +
                options_.bucket};
  if (status == 501)
    return {ErrorCode::unavailable,
            "The service of " + bucket +
                " lacks a part of S3 that safe writing needs: conditional requests. Use another service." + said(fault),
            Retry::never};
  if (come_back_later(status))
    return error_to_retry(
        ErrorCode::unavailable,
        "S3 does not work for now: it answers " + std::to_string(status) + ". Try again later." + said(fault), answer,
        clock_->now());
  return {ErrorCode::unavailable,
          "S3 refuses a request for " + bucket + " with status " + std::to_string(status) +
              ". Check the bucket's name, region and settings." + said(fault),
          Retry::never};
}

}  // namespace vitrine
