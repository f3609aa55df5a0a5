#include "image/restart_grid.h"

#include <gtest/gtest.h>

#include "image/patchable_jpeg.h"
#include "support/test_images.h"

namespace vitrine {
namespace {

Bytes gridded(Size size) {
  const Bytes jpeg = encode_image(wavy_image(size, PixelFormat::rgb8), {.format = FileFormat::jpeg});
  const auto made = PatchableJpeg::from(jpeg, {});
  return {made.jpeg->bytes().begin(), made.jpeg->bytes().end()};
}

TEST(RestartInterval, DividesTheRow) {
  for (int mcus = 1; mcus < 300; ++mcus) EXPECT_EQ(mcus % restart_interval_for(mcus), 0) << mcus;
}

TEST(RestartInterval, IsFourWhereItCanBe) { EXPECT_EQ(restart_interval_for(188), 4); }

TEST(RestartInterval, IsOneInARowOfALargePrime) { EXPECT_EQ(restart_interval_for(191), 1); }

TEST(RestartGrid, HasEveryInterval) {
  // 10 x 4 MCUs of 16 x 16 pixels, 5 an interval.
  const auto grid = find_restart_grid(gridded({160, 64}));
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->intervals.size(), 4U * 10 / static_cast<unsigned>(restart_interval_for(10)));
}

TEST(RestartGrid, IsNoneWhereAMarkerIsOutOfOrder) {
  Bytes jpeg = gridded({160, 64});
  const auto grid = find_restart_grid(jpeg);
  jpeg[grid->intervals[2].end + 1] ^= 1U;
  EXPECT_FALSE(find_restart_grid(jpeg));
}

TEST(RestartGrid, IsNoneWhereTheFileIsCut) {
  const Bytes jpeg = gridded({160, 64});
  for (std::size_t length = 0; length + 1 < jpeg.size(); length += 7)
    EXPECT_FALSE(find_restart_grid(ByteView(jpeg).first(length))) << length;
}

}  // namespace
}  // namespace vitrine
