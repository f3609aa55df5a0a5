#include "image/srgb_row.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

class SrgbRow : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  // The red values of a row of greys.
  static std::vector<int> encoded(const std::vector<float>& lights) {
    std::vector<float> linear;
    for (const float light : lights) linear.insert(linear.end(), {light, light, light, 1});
    std::vector<std::uint8_t> bytes(lights.size() * 3);
    encode_opaque_row(linear.data(), static_cast<int>(lights.size()), PixelFormat::rgb8, bytes.data());
    std::vector<int> codes;
    for (std::size_t i = 0; i < bytes.size(); i += 3) codes.push_back(bytes[i]);
    return codes;
  }

  static std::vector<int> expected(const std::vector<float>& lights) {
    std::vector<int> codes;
    for (const float light : lights) codes.push_back(srgb8_from_linear(light));
    return codes;
  }
};

TEST_P(SrgbRow, IsRoundedAsSingleValuesAre) {
  std::vector<float> lights;
  for (int i = 0; i < 100'003; ++i) lights.push_back(static_cast<float>(i) / 100'000.0F);
  EXPECT_EQ(encoded(lights), expected(lights));
}

TEST_P(SrgbRow, IsRoundedAsSingleValuesAreBesideEveryStep) {
  std::vector<float> lights;
  for (int code = 0; code < 255; ++code) {
    const float step = linear_from_srgb((static_cast<float>(code) + 0.5F) / 255.0F);
    lights.insert(lights.end(), {std::nextafter(step, 0.0F), step, std::nextafter(step, 1.0F)});
  }
  EXPECT_EQ(encoded(lights), expected(lights));
}

TEST_P(SrgbRow, TakesWhatIsNoLight) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> lights{-1, -infinity, infinity, 2, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(encoded(lights), (std::vector<int>{0, 0, 255, 255, 0}));
}

TEST_P(SrgbRow, WritesNothingBehindItsEnd) {
  const std::vector<float> linear(4 * 17, 0.5F);
  std::vector<std::uint8_t> bytes(3 * 17 + 16, 7);
  encode_opaque_row(linear.data(), 17, PixelFormat::rgb8, bytes.data());
  EXPECT_NE(bytes[3 * 17 - 1], 7);
  EXPECT_EQ(std::vector<std::uint8_t>(bytes.end() - 16, bytes.end()), std::vector<std::uint8_t>(16, 7));
}

TEST_P(SrgbRow, MakesPixelsWithAlphaOpaque) {
  const std::vector<float> linear{1, 0, 0.5F, 0};
  std::vector<std::uint8_t> bytes(4);
  encode_opaque_row(linear.data(), 1, PixelFormat::rgba8, bytes.data());
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{255, 0, srgb8_from_linear(0.5F), 255}));
}

INSTANTIATE_TEST_SUITE_P(Targets, SrgbRow, ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

}  // namespace
}  // namespace vitrine
