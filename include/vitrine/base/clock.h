#pragma once

#include <chrono>
#include <memory>
#include <mutex>

#include "vitrine/base/context.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// Wall-clock time in UTC, to the microsecond: what jobs, leases and costs are stamped with.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Tells the time and waits for it, so that tests need no sleeps. Safe to use from many threads at once.
class VITRINE_EXPORT Clock {
 public:
  Clock() = default;
  virtual ~Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

  virtual Timestamp now() const = 0;

  /// Returns once now() >= `time`; at once if it is past. Throws Error: cancelled, deadline_exceeded.
  virtual void sleep_until(Timestamp time, Context& context) = 0;
};

/// The machine's clock.
VITRINE_EXPORT std::shared_ptr<Clock> make_system_clock();

/// A clock that stands still until it is moved; for tests. sleep_until() waits for another thread to move it.
class VITRINE_EXPORT FakeClock : public Clock {
 public:
  explicit FakeClock(Timestamp start = Timestamp(std::chrono::seconds(1'700'000'000)));
  Timestamp now() const override;
  void sleep_until(Timestamp time, Context& context) override;

  /// Moves the time by `step`, which may be negative: wall clocks do jump.
  void advance(std::chrono::microseconds step);

 private:
  mutable std::mutex mutex_;
  Timestamp now_;
};

}  // namespace vitrine
