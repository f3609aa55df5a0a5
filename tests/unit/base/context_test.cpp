#include "vitrine/base/context.h"

#include <gtest/gtest.h>

#include <cmath>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/errors.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(Context, NeverEndsByItself) {
  Context context;
  EXPECT_NO_THROW(context.check());
  EXPECT_FALSE(context.cancelled());
  EXPECT_EQ(context.time_left(), milliseconds::max());
}

TEST(Context, EndsOnceCancelled) {
  Context context;
  context.cancel();
  EXPECT_TRUE(context.cancelled());
  EXPECT_EQ(code_of([&] { context.check(); }), ErrorCode::cancelled);
}

TEST(Context, IsCancelledThroughAnyCopy) {
  Context context;
  Context copy = context.part(0, 0.5);
  copy.cancel();
  EXPECT_EQ(code_of([&] { context.check(); }), ErrorCode::cancelled);
}

TEST(Context, EndsAtItsDeadline) {
  Context context = Context::with_timeout(0ms);
  EXPECT_EQ(context.time_left(), 0ms);
  EXPECT_EQ(code_of([&] { context.check(); }), ErrorCode::deadline_exceeded);
}

TEST(Context, IsOverWithATimeoutBelowZero) {
  Context context = Context::with_timeout(milliseconds::min());
  EXPECT_EQ(code_of([&] { context.check(); }), ErrorCode::deadline_exceeded);
}

TEST(Context, LastsBeforeItsDeadline) {
  Context context = Context::with_timeout(1h);
  EXPECT_NO_THROW(context.check());
  EXPECT_GT(context.time_left(), 59min);
  EXPECT_LE(context.time_left(), 1h);
}

TEST(Context, TakesATimeoutPastAllTimeForNone) {
  EXPECT_EQ(Context::with_timeout(milliseconds::max()).time_left(), milliseconds::max());
}

TEST(Context, CancelWakesAWaiterInAnotherThread) {
  Context context;
  auto code = std::async(std::launch::async, [context]() mutable { return code_of([&] { context.wait_for(1h); }); });
  context.cancel();
  EXPECT_EQ(code.get(), ErrorCode::cancelled);
}

TEST(Context, CanWaitForever) {
  Context context;
  auto code = std::async(std::launch::async,
                         [context]() mutable { return code_of([&] { context.wait_for(milliseconds::max()); }); });
  context.cancel();
  EXPECT_EQ(code.get(), ErrorCode::cancelled);
}

TEST(Context, DeadlineEndsAWait) {
  Context context = Context::with_timeout(5ms);
  EXPECT_EQ(code_of([&] { context.wait_for(1h); }), ErrorCode::deadline_exceeded);
}

TEST(Context, WaitReturnsWhenItsTimeIsOver) {
  Context context;
  const auto start = std::chrono::steady_clock::now();
  context.wait_for(3ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 3ms);
}

TEST(Context, ProgressNeverFalls) {
  Context context;
  std::vector<double> seen;
  context.on_progress([&](double share) { seen.push_back(share); });
  for (const double share : {0.5, 0.2, 0.5, 0.75}) context.report(share);
  EXPECT_EQ(seen, (std::vector<double>{0.5, 0.75}));
}

TEST(Context, ProgressStaysBetweenZeroAndOne) {
  Context context;
  std::vector<double> seen;
  context.on_progress([&](double share) { seen.push_back(share); });
  for (const double share : {-1.0, std::nan(""), 7.0}) context.report(share);
  EXPECT_EQ(seen, (std::vector<double>{1}));
}

TEST(Context, PartFillsItsShareOfTheWhole) {
  Context context;
  std::vector<double> seen;
  context.on_progress([&](double share) { seen.push_back(share); });
  Context second_half = context.part(0.5, 1);
  second_half.report(0.5);
  second_half.part(0.5, 1).report(0.5);
  EXPECT_EQ(seen, (std::vector<double>{0.75, 0.875}));
}

TEST(Context, ProgressIsReportedByOneThreadAtATime) {
  Context context;
  int inside = 0;
  int most_inside = 0;
  double last = 0;
  bool fell = false;
  context.on_progress([&](double share) {
    most_inside = std::max(most_inside, ++inside);
    fell = fell || share < last;
    last = share;
    --inside;
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i <= 1000; ++i) context.report(i / 1000.0);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most_inside, 1);
  EXPECT_FALSE(fell);
  EXPECT_DOUBLE_EQ(last, 1);
}

TEST(Context, CheckServesThePoll) {
  Context context;
  int polls = 0;
  context.on_poll([&] { ++polls; }, 0ms);
  context.check();
  context.check();
  EXPECT_EQ(polls, 2);
}

TEST(Context, PollsAtMostOnceAnInterval) {
  Context context;
  int polls = 0;
  context.on_poll([&] { ++polls; }, 1h);
  for (int i = 0; i < 10; ++i) context.check();
  EXPECT_EQ(polls, 1);
}

TEST(Context, WaitServesThePoll) {
  Context context;
  int polls = 0;
  context.on_poll(
      [&] {
        if (++polls == 3) context.cancel();
      },
      1ms);
  EXPECT_EQ(code_of([&] { context.wait_for(1h); }), ErrorCode::cancelled);
  EXPECT_EQ(polls, 3);
}

TEST(Context, WhatThePollThrowsLeavesAndCancels) {
  Context context;
  context.on_poll([] { throw std::runtime_error("interrupted"); }, 0ms);
  EXPECT_EQ(message_of([&] { context.check(); }), "interrupted");
  EXPECT_TRUE(context.cancelled());
}

TEST(Context, PollBelongsToTheThreadThatSetIt) {
  Context context;
  int polls = 0;
  context.on_poll([&] { ++polls; }, 0ms);
  std::thread([&] { context.check(); }).join();
  EXPECT_EQ(polls, 0);
}

}  // namespace
}  // namespace vitrine
