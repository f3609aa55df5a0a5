#include "image/png_filters.h"

#include <gtest/gtest.h>

#include <random>

#include "vitrine/base/bytes.h"

namespace vitrine {
namespace {


// Rows of every length up to some vectors, of random bytes: flat ones would not tell neighbours apart.
class PngFilters : public ::testing::TestWithParam<std::tuple<int, std::size_t>> {
 protected:
  static constexpr std::size_t kSlack = 64;
  PngFilter filter() const { return static_cast<PngFilter>(std::get<0>(GetParam())); }
  std::size_t step() const { return std::get<1>(GetParam()); }

  Bytes random_bytes(std::size_t count) {
    Bytes bytes(count + kSlack);
    // Small numbers now and then, so that Paeth's distances tie.
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random_() % 4 == 0 ? random_() % 3 : random_());
    return bytes;
  }

  std::mt19937 random_{7};
};

TEST_P(PngFilters, UnfilterAsTheReference) {
  for (std::size_t pixels = 1; pixels < 150; ++pixels) {
    const std::size_t size = pixels * step();
    const Bytes in = random_bytes(size);
    const Bytes above = random_bytes(size);
    Bytes fast(size + kSlack);
    Bytes plain(size + kSlack);
    unfilter_row(filter(), {in.data(), above.data(), fast.data(), size, step()});
    unfilter_row_reference(filter(), {in.data(), above.data(), plain.data(), size, step()});
    fast.resize(size), plain.resize(size);
    EXPECT_EQ(fast, plain) << pixels;
  }
}

TEST_P(PngFilters, UnfilterInPlaceWithoutTouchingTheNextRow) {
  for (std::size_t pixels = 1; pixels < 150; ++pixels) {
    const std::size_t size = pixels * step();
    const Bytes above = random_bytes(size);
    Bytes memory = random_bytes(size + 1);
    const Bytes before = memory;
    Bytes plain(size);
    unfilter_row_reference(filter(), {before.data() + 1, above.data(), plain.data(), size, step()});
    unfilter_row(filter(), {memory.data() + 1, above.data(), memory.data(), size, step()});
    EXPECT_TRUE(std::equal(plain.begin(), plain.end(), memory.begin())) << pixels;
    EXPECT_TRUE(std::equal(before.begin() + static_cast<std::ptrdiff_t>(size) + 1, before.end(),
                           memory.begin() + static_cast<std::ptrdiff_t>(size) + 1)) << pixels;
  }
}

TEST_P(PngFilters, UnfilterFlatRowsAsTheReference) {
  const std::size_t size = 400 * step();
  for (int changes = 0; changes < 12; ++changes) {
    Bytes in(size + kSlack);
    const Bytes above = random_bytes(size);
    for (int i = 0; i < changes; ++i) in[random_() % size] = static_cast<std::uint8_t>(random_());
    Bytes fast(size + kSlack);
    Bytes plain(size + kSlack);
    unfilter_row(filter(), {in.data(), above.data(), fast.data(), size, step()});
    unfilter_row_reference(filter(), {in.data(), above.data(), plain.data(), size, step()});
    fast.resize(size), plain.resize(size);
    EXPECT_EQ(fast, plain) << changes;
  }
}

TEST_P(PngFilters, FilterAsTheReference) {
  for (std::size_t pixels = 1; pixels < 150; ++pixels) {
    const std::size_t size = pixels * step();
    const Bytes in = random_bytes(size);
    const Bytes above = random_bytes(size);
    Bytes fast(size);
    Bytes plain(size);
    EXPECT_EQ(filter_row(filter(), {in.data(), above.data(), fast.data(), size, step()}),
              filter_row_reference(filter(), {in.data(), above.data(), plain.data(), size, step()}));
    EXPECT_EQ(fast, plain) << pixels;
  }
}

TEST_P(PngFilters, GoThereAndBack) {
  const std::size_t size = 200 * step();
  const Bytes in = random_bytes(size);
  const Bytes above = random_bytes(size);
  Bytes stored(size + kSlack);
  Bytes back(size + kSlack);
  filter_row(filter(), {in.data(), above.data(), stored.data(), size, step()});
  unfilter_row(filter(), {stored.data(), above.data(), back.data(), size, step()});
  EXPECT_TRUE(std::equal(back.begin(), back.begin() + static_cast<std::ptrdiff_t>(size), in.begin()));
}

INSTANTIATE_TEST_SUITE_P(All, PngFilters, ::testing::Combine(::testing::Range(0, 5), ::testing::Values(1, 3, 4)));

}  // namespace
}  // namespace vitrine
