#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vitrine/base/clock.h"
#include "vitrine/net/google_credentials.h"

namespace vitrine {

/// A V4 signed address to GET the object until `lifetime` after `now`. `endpoint` is https://host; the object is
/// named by its path, /bucket/key.
std::string gcs_signed_url(std::string_view endpoint, std::string_view bucket, std::string_view key,
                           std::chrono::seconds lifetime, Timestamp now, GoogleCredentials& credentials,
                           Context& context);

}  // namespace vitrine
