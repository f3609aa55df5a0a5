#include "compose/warp_kernel.h"

#include <gtest/gtest.h>

#include <hwy/targets.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace vitrine {
namespace {

constexpr int kSide = 80;

std::vector<float> random_window(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> texels(kSide * kSide * 4 + 64, 0.0F);
  for (std::size_t i = 0; i + 64 < texels.size(); i += 4) {
    const auto share = [&] { return static_cast<float>(random() % 1001) / 1000.0F; };
    texels[i + 3] = share();
    for (std::size_t c = 0; c < 3; ++c) texels[i + c] = share() * texels[i + 3];
  }
  return texels;
}

WarpRun run_over(const std::vector<float>& texels, const std::array<double, 9>& window_from_scene, Sampling sampling) {
  WarpRun run;
  run.texels = texels.data();
  run.stride = kSide * 4;
  run.width = run.height = kSide;
  run.window_from_scene = window_from_scene;
  run.x = 0.5;
  run.y = 4.5;
  run.count = 14;
  run.sampling = sampling;
  return run;
}

// Every instruction set that this machine has, so that none is left untested because a better one exists.
class WarpKernel : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }

  static void expect_same(const WarpRun& run, float tolerance) {
    std::vector<float> fast(static_cast<std::size_t>(run.count) * 4);
    std::vector<float> exact(fast.size());
    warp_run(run, fast.data());
    warp_run_reference(run, exact.data());
    for (std::size_t i = 0; i < fast.size(); ++i) EXPECT_NEAR(fast[i], exact[i], tolerance) << "value " << i;
  }
};

TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItShrinks) {
  const auto texels = random_window(1);
  expect_same(run_over(texels, {4.5, 0.1, 3, 0.05, 3.7, 8, 1e-4, 2e-4, 1}, Sampling::separable), 2e-4F);
}

TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItGrows) {
  const auto texels = random_window(2);
  expect_same(run_over(texels, {0.3, 0, 20, 0, 0.4, 30, 0, 0, 1}, Sampling::separable), 2e-4F);
}

TEST_P(WarpKernel, AgreesWithTheDefinitionWhenItTurns) {
  const auto texels = random_window(3);
  expect_same(run_over(texels, {2.5, -1.5, 25, 1.5, 2.5, 10, 0, 0, 1}, Sampling::probes), 2e-4F);
}

TEST_P(WarpKernel, KeepsAPlainColour) {
  std::vector<float> texels(kSide * kSide * 4 + 64, 0.25F);
  const WarpRun run = run_over(texels, {3.1, 0.2, 10, 0.1, 2.2, 10, 0, 0, 1}, Sampling::separable);
  std::vector<float> rgba(static_cast<std::size_t>(run.count) * 4);
  warp_run(run, rgba.data());
  for (const float value : rgba) EXPECT_NEAR(value, 0.25F, 1e-5F);
}

TEST_P(WarpKernel, StaysInsideTheWindowWhateverTheMap) {
  const auto texels = random_window(4);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& map : {std::array<double, 9>{1e12, 0, 0, 0, 1e12, 0, 0, 0, 1}, std::array<double, 9>{nan, nan, nan, nan, nan, nan, nan, nan, nan},
                          std::array<double, 9>{1, 0, -1e15, 0, 1, -1e15, 0, 0, 1}, std::array<double, 9>{1, 0, 0, 0, 1, 0, 0, 0, 0}})
    for (const Sampling sampling : {Sampling::separable, Sampling::probes}) {
      const WarpRun run = run_over(texels, map, sampling);
      std::vector<float> rgba(static_cast<std::size_t>(run.count) * 4);
      warp_run(run, rgba.data());
      for (const float value : rgba) EXPECT_TRUE(value >= 0 && value <= 1);
    }
}

INSTANTIATE_TEST_SUITE_P(Targets, WarpKernel, ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return std::string(hwy::TargetName(target.param)); });

}  // namespace
}  // namespace vitrine
