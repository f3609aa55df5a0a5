#include "vitrine/image/image_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "support/run_threads.h"
#include "support/test_images.h"

namespace vitrine {
namespace {

// Of 100 bytes.
Image small(int value) { return plain_image({10, 10}, PixelFormat::gray8, {value}); }

TEST(ImageCache, MakesAnImageOnce) {
  ImageCache cache(1000);
  const Image first = cache.get("a", [] { return small(1); });
  const Image second = cache.get("a", []() -> Image { throw std::logic_error("asked again"); });
  EXPECT_EQ(first.row(0), second.row(0));
  EXPECT_EQ(cache.misses(), 1U);
}

TEST(ImageCache, DropsWhatWasNotUsedLongest) {
  ImageCache cache(200);
  cache.get("a", [] { return small(1); });
  cache.get("b", [] { return small(2); });
  cache.get("a", [] { return small(1); });
  cache.get("c", [] { return small(3); });
  cache.get("a", []() -> Image { throw std::logic_error("it was used after b"); });
  EXPECT_EQ(cache.misses(), 3U);
  cache.get("b", [] { return small(2); });
  EXPECT_EQ(cache.misses(), 4U);
}

TEST(ImageCache, KeepsWithinItsBudget) {
  ImageCache cache(250);
  for (int i = 0; i < 9; ++i) cache.get(std::to_string(i), [&] { return small(i); });
  EXPECT_EQ(cache.bytes(), 200U);
}

TEST(ImageCache, HandsOutWhatIsTooLargeToKeep) {
  ImageCache cache(99);
  EXPECT_EQ(sample(cache.get("a", [] { return small(7); }), 0, 0), 7);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(ImageCache, ForgetsAFailure) {
  ImageCache cache(1000);
  EXPECT_THROW(cache.get("a", []() -> Image { throw std::runtime_error("no"); }), std::runtime_error);
  EXPECT_EQ(sample(cache.get("a", [] { return small(7); }), 0, 0), 7);
}

TEST(ImageCache, MakesAnImageOnceForManyThreads) {
  ImageCache cache(1000);
  std::atomic<int> right = 0;
  run_threads(8, [&](int thread) {
    for (int i = 0; i < 200; ++i) {
      const int key = (i + thread) % 5;
      if (sample(cache.get(std::to_string(key), [&] { return small(key); }), 3, 3) == key) ++right;
    }
  });
  EXPECT_EQ(right, 1600);
  EXPECT_EQ(cache.misses(), 5U);
}

TEST(ImageCache, SurvivesDroppingUnderManyThreads) {
  ImageCache cache(250);
  std::atomic<int> right = 0;
  run_threads(8, [&](int thread) {
    for (int i = 0; i < 200; ++i) {
      const int key = (i + thread) % 5;
      if (sample(cache.get(std::to_string(key), [&] { return small(key); }), 3, 3) == key) ++right;
    }
  });
  EXPECT_EQ(right, 1600);
  EXPECT_LE(cache.bytes(), 250U);
}

}  // namespace
}  // namespace vitrine
