#include "vitrine/base/clock.h"

#include <algorithm>

namespace vitrine {
namespace {

using std::chrono::milliseconds;

// A wall clock may jump while we sleep, so it is asked again at least this often.
constexpr milliseconds kLongestNap{1000};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }

  void sleep_until(Timestamp time, Context& context) override {
    for (Timestamp present = now(); present < time; present = now())
      context.wait_for(std::min(kLongestNap, std::chrono::ceil<milliseconds>(time - present)));
  }
};

}  // namespace

std::shared_ptr<Clock> make_system_clock() { return std::make_shared<SystemClock>(); }

FakeClock::FakeClock(Timestamp start) : now_(start) {}

Timestamp FakeClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void FakeClock::sleep_until(Timestamp time, Context& context) {
  while (now() < time) context.wait_for(milliseconds(1));
}

void FakeClock::advance(std::chrono::microseconds step) {
  const std::lock_guard lock(mutex_);
  now_ += step;
}

}  // namespace vitrine
