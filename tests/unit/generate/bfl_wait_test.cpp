#include "generate/bfl_wait.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

BflOptions options_with(milliseconds patience) {
  BflOptions options;
  options.first_wait = milliseconds(1);
  options.longest_wait = milliseconds(1);
  options.patience = patience;
  return options;
}

TEST(BflWait, WaitsWhilePatienceLasts) {
  Context context;
  BflWait wait(options_with(hours(1)));
  EXPECT_TRUE(wait.wait(std::nullopt, context));
  EXPECT_TRUE(wait.wait(milliseconds(0), context));
}

TEST(BflWait, EndsWithPatienceHoweverOftenItIsAsked) {
  Context context;
  BflWait wait(options_with(milliseconds(20)));
  int waits = 0;
  while (wait.wait(std::nullopt, context)) ++waits;
  EXPECT_LE(waits, 20);
}

TEST(BflWait, WithoutPatienceDoesNotWaitAtAll) {
  Context context;
  EXPECT_FALSE(BflWait(options_with(milliseconds(0))).wait(std::nullopt, context));
}

TEST(BflWait, DoesNotBeginAWaitThatPatienceDoesNotAllow) {
  Context context;
  EXPECT_FALSE(BflWait(options_with(hours(1))).wait(hours(2), context));
}

TEST(BflWait, DoesNotBeginAWaitThatTheDeadlineDoesNotAllow) {
  auto context = Context::with_timeout(std::chrono::seconds(30));
  EXPECT_FALSE(BflWait(options_with(hours(2))).wait(hours(1), context));
}

TEST(BflWait, EndsWhenCancelled) {
  Context context;
  context.cancel();
  BflWait wait(options_with(hours(1)));
  EXPECT_EQ(code_of([&] { wait.wait(std::nullopt, context); }), ErrorCode::cancelled);
}

}  // namespace
}  // namespace vitrine
