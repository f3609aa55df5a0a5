#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/export.h"

namespace vitrine {

/// An object in Cloud Storage or Firebase Storage.
struct GcsPlace {
  std::string bucket;
  std::string key;  ///< As it is stored; not every one passes require_object_key().
  friend bool operator==(const GcsPlace&, const GcsPlace&) = default;
};

/// Which object an address leads to, so that whoever has credentials can read it from a bucket that is private by now.
/// Knows https://storage.googleapis.com/BUCKET/KEY, https://BUCKET.storage.googleapis.com/KEY, Firebase download
/// addresses and gs://BUCKET/KEY; tokens and signatures are left out. Empty for every other address.
VITRINE_EXPORT std::optional<GcsPlace> gcs_place_of(std::string_view url);

}  // namespace vitrine
