#include "vitrine/net/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/run_threads.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Who came through, in order.
class Order {
 public:
  void add(int who) {
    const std::lock_guard lock(mutex_);
    list_.push_back(who);
  }
  std::vector<int> list() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<int> list_;
};

/// Gives the other threads their turn until `holds`.
template <typename Condition>
void wait_until(Condition holds) {
  while (!holds()) std::this_thread::yield();
}

class RateLimiterTest : public ::testing::Test {
 protected:
  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  Context context_;
};

TEST_F(RateLimiterTest, LetsABurstThroughAtOnce) {
  RateLimiter limiter({1, 3}, clock_);
  for (int i = 0; i < 3; ++i) limiter.acquire("a", context_);
  EXPECT_EQ(clock_->slept(), seconds(0));
}

TEST_F(RateLimiterTest, WaitsForTheNextToken) {
  RateLimiter limiter({4, 1}, clock_);
  limiter.acquire("a", context_);
  limiter.acquire("a", context_);
  limiter.acquire("a", context_);
  EXPECT_EQ(clock_->slept(), milliseconds(500));
}

TEST_F(RateLimiterTest, FillsNoHigherThanTheBurst) {
  RateLimiter limiter({1, 2}, clock_);
  clock_->advance(seconds(1000));
  for (int i = 0; i < 3; ++i) limiter.acquire("a", context_);
  EXPECT_EQ(clock_->slept(), seconds(1));
}

TEST_F(RateLimiterTest, CountsEachKeyByItself) {
  RateLimiter limiter({1, 1}, clock_);
  limiter.acquire("a", context_);
  EXPECT_TRUE(limiter.try_acquire("b"));
  EXPECT_FALSE(limiter.try_acquire("a"));
}

TEST_F(RateLimiterTest, TakesSeveralTokensAtOnce) {
  RateLimiter limiter({1, 5}, clock_);
  limiter.acquire("a", context_, 5);
  limiter.acquire("a", context_, 2.5);
  EXPECT_EQ(clock_->slept(), milliseconds(2500));
}

TEST_F(RateLimiterTest, RefusesMoreTokensThanABucketHolds) {
  RateLimiter limiter({1, 5}, clock_);
  EXPECT_THROW(limiter.acquire("a", context_, 5.5), std::invalid_argument);
  EXPECT_THROW(limiter.try_acquire("a", 0), std::invalid_argument);
}

TEST_F(RateLimiterTest, RefusesLimitsOutOfRange) {
  EXPECT_THROW(RateLimiter({0, 1}, clock_), std::invalid_argument);
  EXPECT_THROW(RateLimiter({1, 0.5}, clock_), std::invalid_argument);
}

TEST_F(RateLimiterTest, LetsNothingThroughInAPause) {
  RateLimiter limiter({10, 10}, clock_);
  limiter.pause_until("a", clock_->now() + seconds(7));
  EXPECT_FALSE(limiter.try_acquire("a"));
  limiter.acquire("a", context_);
  EXPECT_EQ(clock_->slept(), seconds(7));
}

TEST_F(RateLimiterTest, GivesNothingForAClockThatJumpsBack) {
  RateLimiter limiter({1, 1}, clock_);
  limiter.acquire("a", context_);
  clock_->advance(seconds(-3600));
  limiter.acquire("a", context_);
  EXPECT_EQ(clock_->slept(), seconds(1));
}

TEST_F(RateLimiterTest, TakesNothingUnderACancelledContext) {
  RateLimiter limiter({1, 1}, clock_);
  context_.cancel();
  EXPECT_EQ(code_of([&] { limiter.acquire("a", context_); }), ErrorCode::cancelled);
  EXPECT_TRUE(limiter.try_acquire("a"));
}

TEST_F(RateLimiterTest, ForgetsKeysThatAreAsGoodAsNew) {
  RateLimiter limiter({1, 1}, clock_);
  for (int i = 0; i < 5000; ++i) {
    limiter.acquire(std::to_string(i), context_);
    clock_->advance(seconds(1));
  }
  EXPECT_EQ(clock_->slept(), seconds(0));
}

TEST_F(RateLimiterTest, ServesInTheOrderOfArrival) {
  const auto still = std::make_shared<FakeClock>();
  RateLimiter limiter({1, 1}, still);
  limiter.acquire("a", context_);
  Order order;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Context own;
        limiter.acquire("a", own);
        order.add(i);
      });
      wait_until([&] { return limiter.waiting("a") == static_cast<std::size_t>(i) + 1; });
    }
    for (std::size_t i = 0; i < 4; ++i) {
      still->advance(seconds(1));
      wait_until([&] { return order.list().size() == i + 1; });
    }
  }
  EXPECT_EQ(order.list(), (std::vector{0, 1, 2, 3}));
}

TEST_F(RateLimiterTest, GivesThePlaceOfACancelledOneToTheNext) {
  const auto still = std::make_shared<FakeClock>();
  RateLimiter limiter({1, 1}, still);
  limiter.acquire("a", context_);
  Context first;
  std::jthread cancelled([&] { EXPECT_EQ(code_of([&] { limiter.acquire("a", first); }), ErrorCode::cancelled); });
  wait_until([&] { return limiter.waiting("a") == 1; });
  std::jthread next([&] {
    Context own;
    limiter.acquire("a", own);
  });
  wait_until([&] { return limiter.waiting("a") == 2; });
  first.cancel();
  cancelled.join();
  still->advance(seconds(1));
  next.join();
  EXPECT_EQ(limiter.waiting("a"), 0u);
}

class ActiveLimiterTest : public ::testing::Test {
 protected:
  Context context_;
};

TEST_F(ActiveLimiterTest, LetsSoManyBeActive) {
  ActiveLimiter limiter(2);
  const auto first = limiter.acquire("a", context_);
  const auto second = limiter.acquire("a", context_);
  EXPECT_EQ(limiter.active("a"), 2u);
  EXPECT_FALSE(limiter.try_acquire("a"));
}

TEST_F(ActiveLimiterTest, CountsEachKeyByItself) {
  ActiveLimiter limiter(1);
  const auto first = limiter.acquire("a", context_);
  EXPECT_TRUE(limiter.try_acquire("b"));
}

TEST_F(ActiveLimiterTest, HasAPlaceAgainWhenASlotDies) {
  ActiveLimiter limiter(1);
  { const auto slot = limiter.acquire("a", context_); }
  EXPECT_TRUE(limiter.try_acquire("a"));
}

TEST_F(ActiveLimiterTest, FreesASlotOnlyOnce) {
  ActiveLimiter limiter(2);
  auto first = limiter.acquire("a", context_);
  const auto second = limiter.acquire("a", context_);
  first.release();
  first.release();
  EXPECT_EQ(limiter.active("a"), 1u);
}

TEST_F(ActiveLimiterTest, MovesASlotWithItsPlace) {
  ActiveLimiter limiter(2);
  auto first = limiter.acquire("a", context_);
  auto second = limiter.acquire("a", context_);
  second = std::move(first);
  EXPECT_EQ(limiter.active("a"), 1u);
}

TEST_F(ActiveLimiterTest, KeepsASlotThatOutlivesIt) {
  ActiveSlot slot;
  {
    ActiveLimiter limiter(1);
    slot = limiter.acquire("a", context_);
  }
  EXPECT_TRUE(slot);
}

TEST_F(ActiveLimiterTest, WaitsInLineForAPlace) {
  ActiveLimiter limiter(1);
  auto slot = limiter.acquire("a", context_);
  Order order;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] {
        Context own;
        const auto mine = limiter.acquire("a", own);
        order.add(i);  // before the slot is free again
      });
      wait_until([&] { return limiter.waiting("a") == static_cast<std::size_t>(i) + 1; });
    }
    slot.release();
  }
  EXPECT_EQ(order.list(), (std::vector{0, 1, 2}));
}

TEST_F(ActiveLimiterTest, LeavesTheLineWhenItIsCancelled) {
  ActiveLimiter limiter(1);
  const auto slot = limiter.acquire("a", context_);
  Context other;
  std::jthread canceller([&] {
    wait_until([&] { return limiter.waiting("a") == 1; });
    other.cancel();
  });
  EXPECT_EQ(code_of([&] { limiter.acquire("a", other); }), ErrorCode::cancelled);
  EXPECT_EQ(limiter.waiting("a"), 0u);
}

TEST_F(ActiveLimiterTest, NeverLetsOneMoreBeActive) {
  ActiveLimiter limiter(3);
  std::atomic<int> active = 0;
  std::atomic<int> most = 0;
  run_threads(8, [&](int) {
    Context own;
    for (int i = 0; i < 20; ++i) {
      const auto slot = limiter.acquire("a", own);
      const int now = ++active;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
      --active;
    }
  });
  EXPECT_LE(most, 3);
  EXPECT_EQ(limiter.active("a"), 0u);
}

TEST_F(ActiveLimiterTest, RefusesALimitOfZero) { EXPECT_THROW(ActiveLimiter(0), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
