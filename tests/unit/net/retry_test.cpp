#include "vitrine/net/retry.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/instant_clock.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RetryPolicy policy_of(int attempts) {
  RetryPolicy policy;
  policy.max_attempts = attempts;
  policy.first_delay = milliseconds(100);
  policy.max_delay = milliseconds(350);
  return policy;
}

RandomSource always(double value) {
  return [value] { return value; };
}

TEST(RetrySchedule, DoublesTheSpanUpToTheLimit) {
  RandomSource random = always(1);
  RetrySchedule schedule(policy_of(6), random);
  EXPECT_EQ(schedule.next(), milliseconds(100));
  EXPECT_EQ(schedule.next(), milliseconds(200));
  EXPECT_EQ(schedule.next(), milliseconds(350));
  EXPECT_EQ(schedule.next(), milliseconds(350));
}

TEST(RetrySchedule, DrawsFromTheWholeSpan) {
  RandomSource low = always(0);
  EXPECT_EQ(RetrySchedule(policy_of(2), low).next(), milliseconds(0));
  RandomSource half = always(0.5);
  EXPECT_EQ(RetrySchedule(policy_of(2), half).next(), milliseconds(50));
}

TEST(RetrySchedule, EndsAfterTheLastAttempt) {
  RandomSource random = always(0);
  RetrySchedule schedule(policy_of(2), random);
  EXPECT_TRUE(schedule.next());
  EXPECT_FALSE(schedule.next());
}

TEST(RetrySchedule, RepeatsNothingWithOneAttempt) {
  RandomSource random = always(0);
  EXPECT_FALSE(RetrySchedule(policy_of(1), random).next());
}

TEST(RetrySchedule, WaitsNoLessThanTheServerAsks) {
  RandomSource random = always(0.5);
  EXPECT_EQ(RetrySchedule(policy_of(2), random).next(seconds(7)), milliseconds(7050));
}

TEST(RetrySchedule, GivesUpWhenTheServerAsksForMoreThanIsLeft) {
  RandomSource random = always(0);
  auto policy = policy_of(5);
  policy.max_wait = seconds(10);
  RetrySchedule schedule(policy, random);
  EXPECT_EQ(schedule.next(seconds(10)), seconds(10));
  EXPECT_FALSE(schedule.next(seconds(1)));
}

TEST(RetrySchedule, DoesNotOverflowAfterManyFailures) {
  RandomSource random = always(1);
  auto policy = policy_of(1000);
  policy.max_wait = milliseconds::max();
  RetrySchedule schedule(policy, random);
  for (int i = 0; i < 998; ++i) schedule.next();
  EXPECT_EQ(schedule.next(), milliseconds(350));
}

TEST(RetrySchedule, RefusesNumbersBelowTheirRange) {
  RandomSource random = always(0);
  EXPECT_THROW(RetrySchedule(policy_of(0), random), std::invalid_argument);
  auto negative = policy_of(1);
  negative.first_delay = milliseconds(-1);
  EXPECT_THROW(RetrySchedule(negative, random), std::invalid_argument);
}

TEST(RandomSourceOfTheMachine, StaysInItsRange) {
  const RandomSource random = make_random_source();
  const double value = random();
  EXPECT_GE(value, 0);
  EXPECT_LT(value, 1);
}

class CallWithRetries : public ::testing::Test {
 protected:
  void run(int attempts, const std::function<void()>& call) {
    call_with_retries(policy_of(attempts), clock_, random_, context_, [&] {
      ++calls_;
      call();
    });
  }

  InstantClock clock_;
  RandomSource random_ = always(1);
  Context context_;
  int calls_ = 0;
};

TEST_F(CallWithRetries, CallsOnceWhatGoesWell) {
  run(5, [] {});
  EXPECT_EQ(calls_, 1);
}

TEST_F(CallWithRetries, CallsAgainAfterTroubleThatPasses) {
  run(5, [&] {
    if (calls_ < 3) throw Error(ErrorCode::unavailable, "down");
  });
  EXPECT_EQ(calls_, 3);
  EXPECT_EQ(clock_.slept(), milliseconds(300));
}

TEST_F(CallWithRetries, LetsTroubleThatStaysThroughAtOnce) {
  EXPECT_EQ(code_of([&] { run(5, [] { throw Error(ErrorCode::not_found, "gone"); }); }), ErrorCode::not_found);
  EXPECT_EQ(calls_, 1);
}

TEST_F(CallWithRetries, LetsTheLastErrorThrough) {
  EXPECT_EQ(code_of([&] { run(3, [] { throw Error(ErrorCode::unavailable, "down"); }); }), ErrorCode::unavailable);
  EXPECT_EQ(calls_, 3);
}

TEST_F(CallWithRetries, WaitsAsLongAsTheErrorSays) {
  run(2, [&] {
    if (calls_ < 2) throw Error(ErrorCode::rate_limited, "slower", seconds(5));
  });
  EXPECT_EQ(clock_.slept(), milliseconds(5100));
}

TEST_F(CallWithRetries, GivesUpWhereTheWaitWouldPassTheDeadline) {
  context_ = Context::with_timeout(seconds(60));
  const auto asks_for_more = [] { throw Error(ErrorCode::rate_limited, "slower", seconds(61)); };
  EXPECT_EQ(code_of([&] { run(5, asks_for_more); }), ErrorCode::rate_limited);
  EXPECT_EQ(calls_, 1);
}

TEST_F(CallWithRetries, EndsWhenItIsCancelled) {
  const auto cancels = [&] {
    context_.cancel();
    throw Error(ErrorCode::unavailable, "down");
  };
  EXPECT_EQ(code_of([&] { run(5, cancels); }), ErrorCode::cancelled);
  EXPECT_EQ(calls_, 1);
}

}  // namespace
}  // namespace vitrine
