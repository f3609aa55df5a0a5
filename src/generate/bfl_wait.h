#pragma once

#include <chrono>
#include <optional>

#include "vitrine/base/context.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/net/retry.h"

namespace vitrine {

/// The waits between the repeats of one call, until patience with the service ends. Patience is time that has really
/// gone by, answers included. Not thread-safe; one for each call.
class BflWait {
 public:
  explicit BflWait(const BflOptions& options);
  BflWait(const BflWait&) = delete;
  BflWait& operator=(const BflWait&) = delete;

  /// Waits before the next repeat and returns true; false, at once, if patience or the context's time would run out
  /// before. `retry_after` is what the service asked for. Throws Error: cancelled, deadline_exceeded.
  bool wait(std::optional<std::chrono::milliseconds> retry_after, Context& context);

 private:
  RandomSource random_ = make_random_source();
  RetrySchedule schedule_;
  const std::chrono::steady_clock::time_point end_;
};

}  // namespace vitrine
