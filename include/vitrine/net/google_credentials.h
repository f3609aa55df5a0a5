#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// Says who asks Google's services and proves it. Tokens are kept and renewed four minutes before they end; while one
/// thread renews, the others go on with the old one. Messages never hold a key or a token. Safe to use from many
/// threads at once. Throws Error: permission_denied (refused, or there are no credentials; says what to do),
/// unavailable, cancelled, deadline_exceeded.
class VITRINE_EXPORT GoogleCredentials {
 public:
  GoogleCredentials() = default;
  virtual ~GoogleCredentials() = default;
  GoogleCredentials(const GoogleCredentials&) = delete;
  GoogleCredentials& operator=(const GoogleCredentials&) = delete;

  /// What a request must carry: Authorization and, where the credentials name one, x-goog-user-project.
  virtual std::vector<HttpHeader> headers(Context& context) = 0;

  /// Tells that a service answered 401 to `headers`: the next call of headers() fetches a new token.
  virtual void reject(const std::vector<HttpHeader>& headers) = 0;

  /// E-mail address of the service account that signs.
  virtual std::string account(Context& context) = 0;

  /// The RSA signature (PKCS #1 v1.5, SHA-256) of `message` by that account: made with its key or, without one, by
  /// Google's IAM service. A person's login and a fixed token cannot sign: permission_denied.
  virtual Bytes sign(ByteView message, Context& context) = 0;

  /// The project the credentials belong to; empty if they name none. GoogleEnvironment::project goes before it.
  virtual std::string project(Context& context) = 0;

  /// Whom to grant a right, for messages: "the service account mockups@shop.iam.gserviceaccount.com".
  virtual std::string name() const = 0;
};

/// What Google's own libraries take from the environment.
struct GoogleEnvironment {
  std::filesystem::path credentials_file;                  ///< GOOGLE_APPLICATION_CREDENTIALS.
  std::filesystem::path gcloud_folder;                     ///< CLOUDSDK_CONFIG, else ~/.config/gcloud.
  std::string project;                                     ///< GOOGLE_CLOUD_PROJECT, else GCLOUD_PROJECT.
  std::string metadata_host = "metadata.google.internal";  ///< GCE_METADATA_HOST, else GCE_METADATA_IP.
  bool metadata_server = true;                             ///< False if NO_GCE_CHECK is "true".
  std::string storage_emulator;                            ///< STORAGE_EMULATOR_HOST; with its scheme.
  std::string firestore_emulator;                          ///< FIRESTORE_EMULATOR_HOST; host and port alone.
};

VITRINE_EXPORT GoogleEnvironment google_environment();

/// A scope that covers Firestore, Cloud Storage and signing; what the account may do in them is up to IAM.
inline constexpr std::string_view kGoogleCloudScope = "https://www.googleapis.com/auth/cloud-platform";

/// The credentials the environment offers, in Google's order: the file it names, what gcloud left, this machine's
/// service account. Reads files, asks nobody. `transport` must let the token server through and, for a machine on
/// Google Cloud, the metadata server, which is plain http to a link-local address. Throws Error: not_found,
/// permission_denied, corrupt_data (the file is no key of a kind that we know).
VITRINE_EXPORT std::shared_ptr<GoogleCredentials> open_google_credentials(
    const GoogleEnvironment& environment, std::shared_ptr<HttpTransport> transport,
    std::shared_ptr<Clock> clock = make_system_clock());

/// Credentials from the text of a JSON file: of a service account, or what `gcloud auth application-default login`
/// writes. Throws Error: corrupt_data, permission_denied (a kind that we do not know).
VITRINE_EXPORT std::shared_ptr<GoogleCredentials> make_google_credentials(
    std::string_view json, std::shared_ptr<HttpTransport> transport,
    std::shared_ptr<Clock> clock = make_system_clock());

/// The service account of this machine, by Google Cloud's metadata server.
VITRINE_EXPORT std::shared_ptr<GoogleCredentials> make_google_metadata_credentials(
    std::string host, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock = make_system_clock());

/// Always the same token, "owner" for the Firestore emulator; sends no header if it is empty. Cannot sign.
VITRINE_EXPORT std::shared_ptr<GoogleCredentials> make_google_token_credentials(std::string token);

/// Sends `request` with the headers of `credentials`; once more, with a new token, if the answer is 401 and the request
/// has no source. Throws what HttpTransport::send() and GoogleCredentials::headers() throw.
VITRINE_EXPORT HttpResponse send_authorized(GoogleCredentials& credentials, HttpTransport& transport,
                                            const HttpRequest& request, Context& context);

}  // namespace vitrine
