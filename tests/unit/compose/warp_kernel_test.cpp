#define HWY_WANT_AVX3_DL
#include "compose/warp_kernel.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "compose/row_pairs.h"

namespace vitrine {
namespace {

constexpr int kSide = 80;
constexpr std::ptrdiff_t kStride = (kSide + kSlackTexels) * kPairValues;

std::vector<std::int16_t> plain_window(std::int16_t value) {
  return std::vector<std::int16_t>(static_cast<std::size_t>((kSide / 2 + kSlackPairs + 1) * kStride), value);
}

// Noise, premultiplied.
std::vector<std::int16_t> random_window(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::int16_t> texels = plain_window(0);
  for (std::size_t i = 0; i < texels.size(); i += kPairValues)
    for (std::size_t row = 0; row < 2; ++row) {
      const auto alpha = static_cast<std::int16_t>(random() % (kLinearOne + 1));
      for (std::size_t c = 0; c < 3; ++c)
        texels[i + 2 * c + row] = static_cast<std::int16_t>(random() % (static_cast<unsigned>(alpha) + 1));
      texels[i + 6 + row] = alpha;
    }
  return texels;
}

WarpRun run_over(const std::vector<std::int16_t>& texels, const std::array<double, 9>& window_from_scene, Sampling sampling) {
  WarpRun run;
  run.texels = texels.data();
  run.stride = kStride;
  run.width = run.height = kSide;
  run.window_from_scene = window_from_scene;
  run.x = 0.5;
  run.y = 4.5;
  run.block_y = 4.5;
  run.count = 14;
  run.sampling = sampling;
  return run;
}

std::vector<float> warped(const WarpRun& run) {
  FilterTables tables;
  std::vector<float> rgba(static_cast<std::size_t>(run.count) * 4);
  warp_run(run, tables, rgba.data());
  return rgba;
}

constexpr std::array<double, 9> kShrinking{4.5, 0.1, 3, 0.05, 3.7, 8, 1e-4, 2e-4, 1};
constexpr std::array<double, 9> kShrinkingMuch{0.1, 9, 3, 12, 0.1, 8, 0, 0, 1};
constexpr std::array<double, 9> kGrowing{0.3, 0, 20, 0, 0.4, 30, 0, 0, 1};
constexpr std::array<double, 9> kTurning{2.5, -1.5, 25, 1.5, 2.5, 10, 0, 0, 1};

// Every instruction set that this machine has, so that none is left untested because a better one exists.
class WarpKernel : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  static void expect_defined(const WarpRun& run, float tolerance) {
    const std::vector<float> fast = warped(run);
    std::vector<float> exact(fast.size());
    warp_run_reference(run, exact.data());
    for (std::size_t i = 0; i < fast.size(); ++i) EXPECT_NEAR(fast[i], exact[i], tolerance) << "value " << i;
  }

  // Fused additions round once where others round twice; nothing else may differ.
  static void expect_same_without_vectors(const WarpRun& run) {
    const std::vector<float> fast = warped(run);
    hwy::SetSupportedTargetsForTest(HWY_SCALAR);
    const std::vector<float> plain = warped(run);
    for (std::size_t i = 0; i < fast.size(); ++i) EXPECT_NEAR(fast[i], plain[i], 1e-6F) << "value " << i;
  }
};

// The tolerances are what rounding a position to a phase can do to noise, the hardest picture there is.
TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItShrinks) {
  const auto texels = random_window(1);
  expect_defined(run_over(texels, kShrinking, Sampling::separable), 0.006F);
}

TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItGrows) {
  const auto texels = random_window(2);
  expect_defined(run_over(texels, kGrowing, Sampling::separable), 0.006F);
}

TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItTurns) {
  const auto texels = random_window(3);
  expect_defined(run_over(texels, kTurning, Sampling::area), 0.02F);
}

TEST_P(WarpKernel, IsTheSameAsWithoutVectorsWhenItShrinks) {
  const auto texels = random_window(5);
  expect_same_without_vectors(run_over(texels, kShrinking, Sampling::separable));
}

TEST_P(WarpKernel, IsTheSameAsWithoutVectorsWhenItShrinksMuch) {
  const auto texels = random_window(6);
  expect_same_without_vectors(run_over(texels, kShrinkingMuch, Sampling::separable));
}

TEST_P(WarpKernel, IsTheSameAsWithoutVectorsWhenItGrows) {
  const auto texels = random_window(7);
  expect_same_without_vectors(run_over(texels, kGrowing, Sampling::separable));
}

TEST_P(WarpKernel, IsTheSameAsWithoutVectorsWhenItTurns) {
  const auto texels = random_window(8);
  expect_same_without_vectors(run_over(texels, kTurning, Sampling::area));
}

TEST_P(WarpKernel, KeepsAPlainColour) {
  const auto texels = plain_window(kLinearOne / 4);
  for (const float value : warped(run_over(texels, {3.1, 0.2, 10, 0.1, 2.2, 10, 0, 0, 1}, Sampling::separable)))
    EXPECT_NEAR(value, 0.25F, 5e-5F);
}

TEST_P(WarpKernel, KeepsAPlainColourThatItTurns) {
  const auto texels = plain_window(kLinearOne / 4);
  for (const float value : warped(run_over(texels, kTurning, Sampling::area))) EXPECT_NEAR(value, 0.25F, 5e-5F);
}

TEST_P(WarpKernel, CopiesAnArtworkThatFitsPixelToPixel) {
  const auto texels = random_window(9);
  const std::vector<float> rgba = warped(run_over(texels, {1, 0, 20, 0, 1, 10, 0, 0, 1}, Sampling::separable));
  EXPECT_NEAR(rgba[0], static_cast<float>(texels[7 * kStride + 20 * kPairValues]) / kLinearOne, 0.001F);
}

TEST_P(WarpKernel, StaysInsideTheWindowWhateverTheMap) {
  const auto texels = random_window(4);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& map : {std::array<double, 9>{1e12, 0, 0, 0, 1e12, 0, 0, 0, 1}, std::array<double, 9>{nan, nan, nan, nan, nan, nan, nan, nan, nan},
                          std::array<double, 9>{1, 0, -1e15, 0, 1, -1e15, 0, 0, 1}, std::array<double, 9>{1, 0, 0, 0, 1, 0, 0, 0, 0},
                          std::array<double, 9>{1, 0, 0, 0, 1, 0, 0.25, 0, -1}})
    for (const Sampling sampling : {Sampling::separable, Sampling::area})
      for (const float value : warped(run_over(texels, map, sampling))) EXPECT_TRUE(value >= 0 && value <= 1);
}

TEST_P(WarpKernel, FitsItsFiltersIntoTheSmallestWindow) {
  const auto texels = random_window(10);
  WarpRun run = run_over(texels, {30, 10, 0, 10, 30, 0, 0, 0, 1}, Sampling::area);
  run.width = run.height = kLeastWindow;
  for (const float value : warped(run)) EXPECT_TRUE(value >= 0 && value <= 1);
}

INSTANTIATE_TEST_SUITE_P(Targets, WarpKernel, ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

}  // namespace
}  // namespace vitrine
