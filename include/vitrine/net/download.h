#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {

struct DownloadOptions {
  UrlPolicy policy;                           ///< Holds for the first address and for each that it leads to.
  std::size_t max_bytes = 64u << 20u;         ///< Counted while it streams.
  int max_redirects = 5;                      ///< 0 follows none.
  std::chrono::milliseconds timeout{60'000};  ///< For everything together, redirects included.

  /// A server that sends less than this in each span of `patience` is given up: it would hold a worker for long.
  std::size_t min_bytes_per_second = 1024;  ///< 0: as slow as it likes, within the timeout.
  std::chrono::milliseconds patience{10'000};

  /// What may come, told by its first bytes, never by its name or its header. Known are image/jpeg, image/png and
  /// image/webp. Empty: anything.
  std::vector<std::string> media_types{"image/jpeg", "image/png", "image/webp"};

  std::shared_ptr<Clock> clock = make_system_clock();  ///< Measures the rate.
};

struct Download {
  std::size_t size = 0;
  std::string media_type;  ///< By its first bytes; empty if it is none of those known.
  std::string origin;      ///< Where it came from in the end, as "https://pictures.example.com".
};

/// Fetches what a stranger's address names into `sink`, without any header of ours. Redirects are followed one by one
/// and each is checked. Nothing reaches the sink before its type is known; on an error it may hold a part.
/// Throws Error: unsafe_url, image_too_large, invalid_image (not a type that is allowed), unavailable (no answer, or
/// too slow), not_found, permission_denied, rate_limited and the like for an answer that is no success; cancelled,
/// deadline_exceeded.
VITRINE_EXPORT Download download(HttpTransport& transport, std::string_view url, ByteSink& sink,
                                 const DownloadOptions& options, Context& context);

/// The same into memory.
VITRINE_EXPORT Bytes download(HttpTransport& transport, std::string_view url, const DownloadOptions& options,
                              Context& context);

}  // namespace vitrine
