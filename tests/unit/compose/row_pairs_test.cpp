#define HWY_WANT_AVX3_DL
#include "compose/row_pairs.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <string>
#include <vector>

#include "support/test_images.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// Odd, and more than one vector.
constexpr int kWidth = 37;

class RowPairs : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  static std::vector<std::int16_t> pairs_of(ImageView image) {
    std::vector<std::int16_t> out((kWidth + kPairSlack) * kPairValues);
    pair_rows(image.format, image.row(0), image.row(1), kWidth, out.data());
    out.resize(kWidth * kPairValues);
    return out;
  }

  static void expect_same_without_vectors(PixelFormat format) {
    const Image image = wavy_image({kWidth, 2}, format);
    const std::vector<std::int16_t> fast = pairs_of(image);
    hwy::SetSupportedTargetsForTest(HWY_SCALAR);
    EXPECT_EQ(fast, pairs_of(image));
  }
};

TEST_P(RowPairs, AreTheSameWithoutVectorsForGrey) { expect_same_without_vectors(PixelFormat::gray8); }
TEST_P(RowPairs, AreTheSameWithoutVectorsForRgb) { expect_same_without_vectors(PixelFormat::rgb8); }
TEST_P(RowPairs, AreTheSameWithoutVectorsForRgba) { expect_same_without_vectors(PixelFormat::rgba8); }

TEST_P(RowPairs, PutBothRowsSideBySide) {
  const Image image = wavy_image({kWidth, 2}, PixelFormat::rgb8);
  const std::vector<std::int16_t> pairs = pairs_of(image);
  const auto linear = [](std::uint8_t code) { return linear_from_srgb8()[code] * kLinearOne; };
  const std::size_t green = 20 * kPairValues + 2;
  EXPECT_NEAR(pairs[green], linear(image.row(0)[20 * 3 + 1]), 0.51);
  EXPECT_NEAR(pairs[green + 1], linear(image.row(1)[20 * 3 + 1]), 0.51);
}

TEST_P(RowPairs, AreOpaqueWhereThePictureHasNoAlpha) {
  const std::vector<std::int16_t> pairs = pairs_of(plain_image({kWidth, 2}, PixelFormat::rgb8, {1, 2, 3}));
  for (std::size_t i = 6; i < pairs.size(); i += kPairValues) EXPECT_EQ(pairs[i], kLinearOne);
}

TEST_P(RowPairs, NeverHoldMoreColourThanAlpha) {
  const std::vector<std::int16_t> pairs = pairs_of(plain_image({kWidth, 2}, PixelFormat::rgba8, {255, 255, 255, 77}));
  for (std::size_t i = 0; i < pairs.size(); i += kPairValues) EXPECT_LE(pairs[i], pairs[i + 6]);
}

INSTANTIATE_TEST_SUITE_P(Targets, RowPairs, ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

TEST(AddTexels, SumsTheRowThatIsAskedFor) {
  std::vector<std::int16_t> pairs(4 * kPairValues);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = static_cast<std::int16_t>(i);
  std::vector<std::int32_t> sums(8, 100);
  add_texels(pairs.data(), 2, 1, PairRows::lower, sums.data());
  EXPECT_EQ(sums[0], 100 + 1 + 9);
  EXPECT_EQ(sums[5], 100 + 19 + 27);
}

}  // namespace
}  // namespace vitrine
