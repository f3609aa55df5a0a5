#pragma once

#include <chrono>
#include <optional>
#include <random>

#include "vitrine/base/context.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// The waits between the repeats of one call: full jitter under a doubling limit, and no shorter than the service
/// asks. Not thread-safe; one for each call.
class BflWait {
 public:
  explicit BflWait(const BflOptions& options);

  /// Waits before the next repeat and returns true; false, at once, if patience or the context's time would run out
  /// before. `retry_after` is what the service asked for. Throws Error: cancelled, deadline_exceeded.
  bool wait(std::optional<std::chrono::milliseconds> retry_after, Context& context);

 private:
  std::chrono::milliseconds ceiling_;
  const std::chrono::milliseconds longest_;
  const std::chrono::steady_clock::time_point end_;
  std::minstd_rand random_;
};

}  // namespace vitrine
