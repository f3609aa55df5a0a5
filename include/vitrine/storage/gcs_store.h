#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/net/google_credentials.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// What ObjectStore::url() gives.
enum class GcsAddress {
  signed_v4,       ///< Ends with its lifetime. Needs a service account.
  firebase_token,  ///< A Firebase download address. It has no end but that of the object, whatever lifetime is asked.
};

struct GcsOptions {
  std::string bucket;  ///< Of Cloud Storage or Firebase Storage: "shop.appspot.com", "shop.firebasestorage.app".

  /// Where the service is, without a path. Empty: STORAGE_EMULATOR_HOST if that is set, else Google. Addresses from an
  /// emulator are not signed.
  std::string endpoint;

  GcsAddress address = GcsAddress::signed_v4;

  /// Larger objects go up in pieces of this size, each repeated by itself if it is lost. A multiple of 256 KiB. Costs
  /// no memory; lower it where 30 s do not suffice for a piece.
  std::size_t chunk_bytes = 8u << 20u;

  /// How often a request is sent before its error is reported, with growing waits between. 1 to 20.
  int tries = 6;

  /// Where objects beyond 4 MiB wait while they go up. Empty: the system's folder for temporary files.
  std::filesystem::path spool_folder;
};

/// Keeps objects in a bucket of Google Cloud Storage, which Firebase Storage is too. Never touches access control, so
/// that uniform bucket-level access and public access prevention may be on; objects are as private as the bucket. The
/// digest lies in the object's metadata. Objects that something else put are read as they are, with no sha256 in
/// head() and list(). Uploads and downloads are checked by CRC-32C and, where it is known, SHA-256.
///
/// `credentials` may be null for an emulator. The account needs roles/storage.objectUser on the bucket. Asks nobody
/// yet. Throws std::invalid_argument for options out of range.
VITRINE_EXPORT std::unique_ptr<ObjectStore> make_gcs_object_store(GcsOptions options,
                                                                  std::shared_ptr<HttpTransport> transport,
                                                                  std::shared_ptr<GoogleCredentials> credentials,
                                                                  std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
