#include "vitrine/image/pixel_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "support/run_threads.h"
#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

TEST(PixelPool, HandsOutAgainWhatCameBack) {
  const PixelPool pool(1000);
  const std::uint8_t* first = pool.take(400).get();
  EXPECT_EQ(pool.bytes(), 400U);
  EXPECT_EQ(pool.take(390).get(), first);
}

TEST(PixelPool, GivesNothingMuchLargerThanAskedFor) {
  const PixelPool pool(1000);
  pool.take(400);
  const auto small = pool.take(100);
  EXPECT_EQ(pool.bytes(), 400U);
}

TEST(PixelPool, KeepsWithinItsBudget) {
  const PixelPool pool(1000);
  {
    const auto a = pool.take(700);
    const auto b = pool.take(600);
  }
  EXPECT_EQ(pool.bytes(), 700U);
}

TEST(PixelPool, NeverHandsOutMemoryInUse) {
  const PixelPool pool(1000);
  const auto first = pool.take(400);
  EXPECT_NE(pool.take(400), first);
}

TEST(PixelPool, MayBeGoneBeforeItsMemory) {
  std::shared_ptr<std::uint8_t> memory;
  {
    const PixelPool pool(1000);
    memory = pool.take(100);
  }
  memory.get()[99] = 7;
  EXPECT_EQ(memory.get()[99], 7);
}

TEST(PixelPool, ServesManyThreads) {
  const PixelPool pool(3000);
  std::atomic<int> mixed = 0;
  run_threads(8, [&](int thread) {
    for (int i = 0; i < 500; ++i) {
      const auto memory = pool.take(500);
      std::fill_n(memory.get(), 500, static_cast<std::uint8_t>(thread));
      mixed += std::count(memory.get(), memory.get() + 500, static_cast<std::uint8_t>(thread)) == 500 ? 0 : 1;
    }
  });
  EXPECT_EQ(mixed, 0);
  EXPECT_LE(pool.bytes(), 3000U);
}

TEST(PixelPool, ChangesNothingOfWhatIsDecoded) {
  const auto pool = std::make_shared<const PixelPool>(std::size_t{1} << 20U);
  DecodeOptions reused;
  reused.pool = pool;
  for (const FileFormat format : {FileFormat::jpeg, FileFormat::png}) {
    const Bytes noise = encode_image(noise_image({90, 70}, PixelFormat::rgb8, 1), {.format = format});
    const Bytes waves = encode_image(wavy_image({90, 70}, PixelFormat::rgb8), {.format = format});
    decode_image(noise, reused);
    EXPECT_GT(pool->bytes(), 0U);
    EXPECT_EQ(largest_difference(decode_image(waves, reused), decode_image(waves)), 0);
  }
}

}  // namespace
}  // namespace vitrine
