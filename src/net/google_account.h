#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/net/google_credentials.h"

namespace vitrine {

/// What a key file of a service account says.
struct ServiceAccountKey {
  std::string email;
  std::string key_id;
  std::string private_key;  ///< PEM.
  std::string token_url;
  std::string project;
};

/// What gcloud writes for a person.
struct AuthorizedUser {
  std::string client_id;
  std::string client_secret;
  std::string refresh_token;
  std::string token_url;
  std::string quota_project;
};

/// The credentials of each kind; make_google_credentials() reads the JSON. The first throws Error corrupt_data.
std::shared_ptr<GoogleCredentials> make_service_account_credentials(const ServiceAccountKey& key,
                                                                    std::shared_ptr<HttpTransport> transport,
                                                                    std::shared_ptr<Clock> clock);
std::shared_ptr<GoogleCredentials> make_authorized_user_credentials(AuthorizedUser user,
                                                                    std::shared_ptr<HttpTransport> transport,
                                                                    std::shared_ptr<Clock> clock);

/// A signed JSON web token (RFC 7515, 7519) that asks the token server for an access token.
std::string signed_assertion(const ServiceAccountKey& key, const class RsaKey& signer, Timestamp now);

}  // namespace vitrine
