#include "pipeline/byte_cache.h"

#include <gtest/gtest.h>

#include <atomic>

#include "support/run_threads.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

class Cache : public ::testing::Test {
 protected:
  int get(const std::string& key, int value) {
    return cache_.get(key, context_, [&] { return ++made_, value; }, [](int bytes) { return std::size_t(bytes); });
  }
  ByteCache<int> cache_{100};
  Context context_;
  std::atomic<int> made_ = 0;
};

TEST_F(Cache, MakesAValueOnce) {
  get("a", 40);
  EXPECT_EQ(get("a", 41), 40);
  EXPECT_EQ(made_, 1);
}

TEST_F(Cache, DropsWhatWasUsedLongestAgo) {
  get("a", 40);
  get("b", 50);
  get("a", 40);
  get("c", 30);
  EXPECT_TRUE(cache_.find("a"));
  EXPECT_FALSE(cache_.find("b"));
  EXPECT_EQ(cache_.bytes(), 70U);
}

TEST_F(Cache, DoesNotKeepWhatIsLargerThanItself) {
  EXPECT_EQ(get("a", 101), 101);
  EXPECT_FALSE(cache_.find("a"));
  EXPECT_EQ(cache_.bytes(), 0U);
}

TEST_F(Cache, MakesAValueOnceForManyThreads) {
  run_threads(8, [&](int) { EXPECT_EQ(get("a", 40), 40); });
  EXPECT_EQ(made_, 1);
}

TEST_F(Cache, TriesAgainAfterAFailure) {
  const auto fail = [&]() -> int { throw Error(ErrorCode::unavailable, "Away."); };
  EXPECT_THROW(cache_.get("a", context_, fail, [](int) { return std::size_t{1}; }), Error);
  EXPECT_EQ(get("a", 40), 40);
}

}  // namespace
}  // namespace vitrine
