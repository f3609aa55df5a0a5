#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "support/errors.h"

namespace vitrine {
namespace {

TEST(ThreadPool, DoesEachPieceOnce) {
  ThreadPool pool;
  Context context;
  std::vector<std::atomic<int>> done(1000);
  pool.for_each(done.size(), 4, context, [&](std::size_t i) { ++done[i]; });
  for (const auto& count : done) EXPECT_EQ(count, 1);
}

TEST(ThreadPool, ReturnsAtOnceFromNoPieces) {
  ThreadPool pool;
  Context context;
  EXPECT_NO_THROW(pool.for_each(0, 4, context, [](std::size_t) { FAIL(); }));
}

TEST(ThreadPool, ThrowsWhatAPieceThrows) {
  ThreadPool pool;
  Context context;
  EXPECT_EQ(code_of([&] {
              pool.for_each(100, 3, context, [](std::size_t i) {
                if (i == 37) throw Error(ErrorCode::not_found, "piece 37");
              });
            }),
            ErrorCode::not_found);
}

TEST(ThreadPool, CanBeUsedAgainAfterAFailure) {
  ThreadPool pool;
  Context context;
  EXPECT_ANY_THROW(pool.for_each(8, 3, context, [](std::size_t) { throw std::runtime_error("no"); }));
  std::atomic<int> count = 0;
  pool.for_each(8, 3, context, [&](std::size_t) { ++count; });
  EXPECT_EQ(count, 8);
}

TEST(ThreadPool, StopsWhenItsContextIsCancelled) {
  ThreadPool pool;
  Context context;
  std::atomic<int> count = 0;
  EXPECT_EQ(code_of([&] {
              pool.for_each(100000, 2, context, [&](std::size_t) {
                if (++count == 10) context.cancel();
              });
            }),
            ErrorCode::cancelled);
  EXPECT_LT(count, 100000);
}

TEST(ThreadPool, ServesSeveralCallersAtOnce) {
  ThreadPool pool;
  std::atomic<int> count = 0;
  std::vector<std::jthread> callers;
  for (int c = 0; c < 4; ++c)
    callers.emplace_back([&] {
      Context context;
      pool.for_each(200, 3, context, [&](std::size_t) { ++count; });
    });
  callers.clear();
  EXPECT_EQ(count, 800);
}

TEST(ThreadPool, NestedCallsEnd) {
  ThreadPool pool;
  Context context;
  std::atomic<int> count = 0;
  pool.for_each(6, 3, context, [&](std::size_t) {
    Context inner;
    pool.for_each(6, 3, inner, [&](std::size_t) { ++count; });
  });
  EXPECT_EQ(count, 36);
}

}  // namespace
}  // namespace vitrine
