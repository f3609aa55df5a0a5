#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "storage/repeated_send.h"
#include "vitrine/base/error.h"
#include "vitrine/storage/gcs_store.h"

namespace vitrine {

/// Sends requests to one bucket: addresses, credentials, repeats, and what its refusals mean.
class GcsClient {
 public:
  GcsClient(GcsOptions options, std::shared_ptr<HttpTransport> transport,
            std::shared_ptr<GoogleCredentials> credentials, std::shared_ptr<Clock> clock);

  const GcsOptions& options() const { return options_; }
  Clock& clock() const { return *clock_; }
  GoogleCredentials& credentials() const { return *credentials_; }
  HttpTransport& transport() const { return *transport_; }

  /// True if there are no signatures because nobody would check them.
  bool emulated() const { return emulated_; }
  RepeatRules rules() const;

  std::string objects_url() const;                     ///< Of the list of objects.
  std::string object_url(std::string_view key) const;  ///< Of one object and its metadata.
  std::string upload_url(std::string_view key) const;  ///< Ends in "name=…": more parameters may follow.

  /// Sends what `make` makes with our credentials, repeatedly; with a new token after 401.
  ServiceAnswer send(const std::function<HttpRequest()>& make, Context& context) const;

  /// What to throw for an answer that is neither success nor something the caller understands. `deed` completes "X may
  /// not …": "read objects in". The messages name the bucket, the account and what to do.
  Error refusal(const HttpResponse& answer, std::string_view deed) const;

  /// True if a 404 means that the bucket is not there, as against the object.
  static bool bucket_is_missing(const HttpResponse& answer);

 private:
  Error no_bucket() const;

  GcsOptions options_;
  std::shared_ptr<HttpTransport> transport_;
  std::shared_ptr<GoogleCredentials> credentials_;
  std::shared_ptr<Clock> clock_;
  bool emulated_ = false;
};

}  // namespace vitrine
