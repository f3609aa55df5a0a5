// What every Clock does.
#include "vitrine/base/clock.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/errors.h"
#include "support/failures_of.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

struct ClockBackend {
  std::string name;
  std::shared_ptr<Clock> (*make)();
  void (*let_pass)(Clock&, std::chrono::microseconds);  ///< Makes time pass; does nothing where it does by itself.
};
void PrintTo(const ClockBackend& backend, std::ostream* out) { *out << backend.name; }

const ClockBackend kSystem{"system", +[] { return make_system_clock(); }, +[](Clock&, std::chrono::microseconds) {}};
const ClockBackend kFake{
    "fake", +[]() -> std::shared_ptr<Clock> { return std::make_shared<FakeClock>(); },
    +[](Clock& clock, std::chrono::microseconds step) { dynamic_cast<FakeClock&>(clock).advance(step); }};

class ClockConformance : public ::testing::TestWithParam<ClockBackend> {
 protected:
  Clock& clock() { return *clock_; }
  void let_pass(std::chrono::microseconds step) { GetParam().let_pass(*clock_, step); }
  std::shared_ptr<Clock> clock_ = GetParam().make();
  Context context_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ClockConformance, ::testing::Values(kSystem, kFake),
                         [](const auto& backend) { return backend.param.name; });

void check_that_sleep_ends_no_sooner_than_asked(Clock& clock, const std::function<void()>& let_pass) {
  const auto wake = clock.now() + 5ms;
  Context context;
  Timestamp woke;
  {
    const std::jthread sleeper([&] {
      clock.sleep_until(wake, context);
      woke = clock.now();
    });
    let_pass();
  }
  EXPECT_GE(woke, wake) << "it woke too early";
}

TEST_P(ClockConformance, IsPastTheYear2020) { EXPECT_GT(clock().now(), Timestamp(1'577'836'800s)); }

TEST_P(ClockConformance, SleepsUntilTheTimeIsThere) {
  check_that_sleep_ends_no_sooner_than_asked(clock(), [&] { let_pass(5ms); });
}

TEST_P(ClockConformance, ReturnsAtOnceIfTheTimeIsPast) {
  const auto now = clock().now();
  EXPECT_NO_THROW(clock().sleep_until(now - 1h, context_));
  EXPECT_NO_THROW(clock().sleep_until(now, context_));
}

TEST_P(ClockConformance, IsWokenByCancel) {
  const std::jthread other([&] { context_.cancel(); });
  EXPECT_EQ(code_of([&] { clock().sleep_until(clock().now() + 1h, context_); }), ErrorCode::cancelled);
}

TEST_P(ClockConformance, IsWokenByTheDeadline) {
  auto late = Context::with_timeout(1ms);
  EXPECT_EQ(code_of([&] { clock().sleep_until(clock().now() + 1h, late); }), ErrorCode::deadline_exceeded);
}

TEST(FakeClock, StandsStillUntilItIsMoved) {
  FakeClock clock;
  const auto before = clock.now();
  EXPECT_EQ(clock.now(), before);
  clock.advance(3us);
  EXPECT_EQ(clock.now(), before + 3us);
}

TEST(FakeClock, MovesBackwardToo) {
  FakeClock clock;
  const auto before = clock.now();
  clock.advance(-1h);
  EXPECT_EQ(clock.now(), before - 1h);
}

// The canary: a clock that does not wait.
class HastyClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(1'700'000'000s); }
  void sleep_until(Timestamp, Context&) override {}
};

TEST(ClockCanary, RejectsAClockThatDoesNotWait) {
  HastyClock hasty;
  EXPECT_NE(failures_of([&] { check_that_sleep_ends_no_sooner_than_asked(hasty, [] {}); }).find("too early"),
            std::string::npos);
}

}  // namespace
}  // namespace vitrine
