#include "compose/patch_rects.h"

#include <gtest/gtest.h>

#include "support/test_images.h"

namespace vitrine {
namespace {

// Its intervals are 64 x 16 pixels.
std::shared_ptr<const PatchableJpeg> scene() {
  const Bytes jpeg = encode_image(plain_image({640, 320}, PixelFormat::rgb8, {90, 90, 90}), {.format = FileFormat::jpeg});
  return PatchableJpeg::from(jpeg, {}).jpeg;
}

TEST(PatchRects, HoldTheirTargets) {
  const auto rects = patch_rects(*scene(), {{70, 20, 30, 30}});
  ASSERT_EQ(rects.size(), 1U);
  EXPECT_TRUE(holds(rects[0], {70, 20, 30, 30}));
}

TEST(PatchRects, StayApartWhereTargetsDo) {
  EXPECT_EQ(patch_rects(*scene(), {{10, 10, 30, 30}, {500, 200, 30, 30}}).size(), 2U);
}

TEST(PatchRects, JoinWhereTheyShareAnInterval) {
  const auto rects = patch_rects(*scene(), {{10, 10, 10, 4}, {30, 11, 10, 4}});
  ASSERT_EQ(rects.size(), 1U);
  EXPECT_TRUE(holds(rects[0], {10, 10, 30, 5}));
}

TEST(PatchRects, JoinWhatOnlyTheJoinedOneMeets) {
  // The third meets the hull of the first two, and neither of them.
  const auto rects = patch_rects(*scene(), {{300, 100, 20, 20}, {0, 0, 20, 20}, {0, 0, 320, 120}});
  EXPECT_EQ(rects.size(), 1U);
}

TEST(PatchRects, AreNoneForWhatLiesOutside) { EXPECT_TRUE(patch_rects(*scene(), {Rect{}}).empty()); }

}  // namespace
}  // namespace vitrine
