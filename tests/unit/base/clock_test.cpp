#include "vitrine/base/clock.h"

#include <gtest/gtest.h>

#include <future>

#include "support/errors.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

TEST(SystemClock, TellsTheTimeOfTheMachine) {
  const auto before = std::chrono::system_clock::now();
  const Timestamp now = make_system_clock()->now();
  const auto after = std::chrono::system_clock::now();
  EXPECT_GE(now + 1us, before);
  EXPECT_LE(now, after);
}

TEST(SystemClock, DoesNotSleepUntilThePast) {
  Context context;
  const auto clock = make_system_clock();
  EXPECT_NO_THROW(clock->sleep_until(clock->now() - 1h, context));
  EXPECT_NO_THROW(clock->sleep_until(Timestamp::min(), context));
}

TEST(SystemClock, SleepsUntilTheTime) {
  Context context;
  const auto clock = make_system_clock();
  const Timestamp time = clock->now() + 3ms;
  clock->sleep_until(time, context);
  EXPECT_GE(clock->now(), time);
}

TEST(SystemClock, WakesWhenCancelled) {
  Context context;
  const auto clock = make_system_clock();
  auto code = std::async(std::launch::async, [&, handle = context]() mutable {
    return code_of([&] { clock->sleep_until(clock->now() + 1h, handle); });
  });
  context.cancel();
  EXPECT_EQ(code.get(), ErrorCode::cancelled);
}

TEST(FakeClock, StandsStill) {
  const FakeClock clock(Timestamp(5s));
  EXPECT_EQ(clock.now(), Timestamp(5s));
  EXPECT_EQ(clock.now(), Timestamp(5s));
}

TEST(FakeClock, MovesBothWays) {
  FakeClock clock(Timestamp(5s));
  clock.advance(2s);
  EXPECT_EQ(clock.now(), Timestamp(7s));
  clock.advance(-4s);
  EXPECT_EQ(clock.now(), Timestamp(3s));
}

TEST(FakeClock, SleepsUntilSomebodyMovesIt) {
  FakeClock clock(Timestamp(0s));
  auto woke_at = std::async(std::launch::async, [&] {
    Context context;
    clock.sleep_until(Timestamp(10s), context);
    return clock.now();
  });
  clock.advance(9s);
  clock.advance(1s);
  EXPECT_EQ(woke_at.get(), Timestamp(10s));
}

TEST(FakeClock, WakesWhenCancelled) {
  FakeClock clock;
  Context context;
  auto code = std::async(std::launch::async, [&, handle = context]() mutable {
    return code_of([&] { clock.sleep_until(clock.now() + 1h, handle); });
  });
  context.cancel();
  EXPECT_EQ(code.get(), ErrorCode::cancelled);
}

}  // namespace
}  // namespace vitrine
