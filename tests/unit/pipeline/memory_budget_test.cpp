#include "pipeline/memory_budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "support/errors.h"
#include "support/run_threads.h"

namespace vitrine {
namespace {

TEST(MemoryBudget, IsNeverExceeded) {
  MemoryBudget budget(100);
  std::atomic<std::size_t> most = 0;
  run_threads(6, [&](int thread) {
    Context context;
    for (int i = 0; i < 50; ++i) {
      const auto share = budget.take(static_cast<std::size_t>(thread * 15 + 10), context);
      const std::size_t now = budget.in_use();
      std::size_t seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
    }
  });
  EXPECT_LE(most, 100U);
  EXPECT_EQ(budget.in_use(), 0U);
}

TEST(MemoryBudget, TakesAllOfItForOne) {
  MemoryBudget budget(100);
  Context context;
  const auto share = budget.take(100, context);
  EXPECT_EQ(budget.in_use(), 100U);
}

TEST(MemoryBudget, RefusesWhatItCanNeverGive) {
  MemoryBudget budget(100);
  Context context;
  EXPECT_EQ(code_of([&] { [[maybe_unused]] const auto share = budget.take(101, context); }),
            ErrorCode::image_too_large);
}

TEST(MemoryBudget, LetsACancelledWaiterGo) {
  MemoryBudget budget(100);
  Context context;
  const auto share = budget.take(100, context);
  Context waiting;
  std::jthread canceller([&] {
    while (budget.waiting() == 0) std::this_thread::yield();
    waiting.cancel();
  });
  EXPECT_EQ(code_of([&] { [[maybe_unused]] const auto more = budget.take(1, waiting); }), ErrorCode::cancelled);
  EXPECT_EQ(budget.waiting(), 0U);
}

TEST(MemoryBudget, ServesALargeWaiterBeforeASmallOneThatCameLater) {
  MemoryBudget budget(100);
  Context context;
  std::vector<std::string> order;
  std::mutex mutex;
  std::jthread large, small;
  {
    const auto share = budget.take(50, context);
    large = std::jthread([&] {
      Context own;
      const auto all = budget.take(100, own);
      const std::lock_guard lock(mutex);
      order.push_back("large");
    });
    while (budget.waiting() < 1) std::this_thread::yield();
    small = std::jthread([&] {
      Context own;
      const auto some = budget.take(10, own);
      const std::lock_guard lock(mutex);
      order.push_back("small");
    });
    while (budget.waiting() < 2) std::this_thread::yield();
  }
  large.join();
  small.join();
  EXPECT_EQ(order, (std::vector<std::string>{"large", "small"}));
}

}  // namespace
}  // namespace vitrine
