#pragma once

#include <mutex>

#include "vitrine/base/clock.h"

namespace vitrine {

/// A clock on which a sleep takes no time but moves it, and is counted.
class InstantClock final : public Clock {
 public:
  Timestamp now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  void sleep_until(Timestamp time, Context& context) override {
    context.check();
    const std::lock_guard lock(mutex_);
    if (time <= now_) return;
    slept_ += time - now_;
    now_ = time;
  }

  void advance(std::chrono::microseconds step) {
    const std::lock_guard lock(mutex_);
    now_ += step;
  }

  std::chrono::microseconds slept() const {
    const std::lock_guard lock(mutex_);
    return slept_;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_{std::chrono::seconds(1'700'000'000)};
  std::chrono::microseconds slept_{0};
};

}  // namespace vitrine
