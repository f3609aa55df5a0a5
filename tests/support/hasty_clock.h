#pragma once

#include "vitrine/base/clock.h"

namespace vitrine {

/// A clock whose sleepers wake at once, for it jumps to the time they wait for: tests of retries take no time.
class HastyClock final : public FakeClock {
 public:
  using FakeClock::FakeClock;
  void sleep_until(Timestamp time, Context& context) override {
    context.check();
    if (time > now()) advance(time - now());
  }
};

}  // namespace vitrine
