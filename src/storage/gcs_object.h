#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/net/http_transport.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// The names of our entries in an object's metadata.
inline constexpr const char* kGcsSha256 = "sha256";
inline constexpr const char* kGcsPut = "vitrine-put";  ///< Random, made for each put: tells our object from another's.
inline constexpr const char* kGcsFirebaseTokens = "firebaseStorageDownloadTokens";

/// The fields of an object that we ask for.
inline constexpr const char* kGcsFields =
    "name,size,generation,metageneration,updated,contentType,contentEncoding,crc32c,metadata";

/// What Cloud Storage says about an object.
struct GcsObject {
  ObjectInfo info;
  std::string generation;
  std::string metageneration;
  std::string content_encoding;
  std::optional<std::uint32_t> crc32c;
  std::string put;              ///< Our entry kGcsPut; empty without one.
  std::string firebase_tokens;  ///< Comma-separated.
};

struct GcsPage {
  std::vector<GcsObject> objects;
  std::string next_token;  ///< Empty at the end.
};

/// Reads an answer. Throws Error `unavailable` for one that makes no sense.
GcsObject gcs_object_in(const HttpResponse& answer);
GcsPage gcs_page_in(const HttpResponse& answer);

std::string crc32c_text(std::uint32_t crc);  ///< Base64 of the big-endian value.

/// What an error answer says: its first reason ("conditionNotMet") and its message; empty where it says nothing.
struct GcsFault {
  std::string reason;
  std::string message;
};
GcsFault gcs_fault_in(const HttpResponse& answer);

}  // namespace vitrine
