// What every detector promises, whatever its way: see include/vitrine/detect/detector.h.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <thread>

#include "vitrine/base/error.h"
#include "vitrine/detect/chain.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/fixed.h"
#include "vitrine/detect/mock.h"
#include "vitrine/detect/surface.h"

namespace vitrine {
namespace {

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Detector>()> make;
};

void fill(MutableImageView image, Rect rect, std::array<std::uint8_t, 4> color) {
  const int n = channels(image.format);
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x)
      for (int c = 0; c < n; ++c) image.row(y)[x * n + c] = color[static_cast<std::size_t>(c)];
}

// A grey wall with a dark frame around a light sheet.
Image wall_with_frame(PixelFormat format) {
  Image image({320, 240}, format);
  const MutableImageView pixels = image.edit();
  fill(pixels, {0, 0, 320, 240}, {150, 150, 150, 255});
  fill(pixels, {80, 60, 140, 110}, {40, 40, 40, 255});
  fill(pixels, {88, 68, 124, 94}, {235, 235, 235, 255});
  return image;
}

Image plain_wall() {
  Image image({320, 240}, PixelFormat::rgb8);
  fill(image.edit(), {0, 0, 320, 240}, {150, 150, 150, 255});
  return image;
}

bool same(const Detection& a, const Detection& b) {
  const auto same_region = [](const Region& p, const Region& q) {
    return p.quad == q.quad && p.confidence == q.confidence && p.label == q.label && p.alternative == q.alternative;
  };
  return a.abstention == b.abstention && a.reason == b.reason &&
         std::equal(a.regions.begin(), a.regions.end(), b.regions.begin(), b.regions.end(), same_region) &&
         std::equal(a.rejected.begin(), a.rejected.end(), b.rejected.begin(), b.rejected.end(), same_region);
}

std::vector<Region> all_regions(const Detection& detection) {
  std::vector<Region> all = detection.regions;
  all.insert(all.end(), detection.rejected.begin(), detection.rejected.end());
  return all;
}

class DetectorConformance : public testing::TestWithParam<Backend> {
 protected:
  std::unique_ptr<Detector> detector_ = GetParam().make();
};

TEST_P(DetectorConformance, RefusesAnEmptyImage) {
  EXPECT_THROW(detector_->detect(ImageView{}), std::invalid_argument);
}

TEST_P(DetectorConformance, RefusesAFloatImage) {
  EXPECT_THROW(detector_->detect(Image({32, 32}, PixelFormat::rgb_f32)), std::invalid_argument);
}

TEST_P(DetectorConformance, AcceptsGray) { EXPECT_NO_THROW(detector_->detect(wall_with_frame(PixelFormat::gray8))); }

TEST_P(DetectorConformance, AcceptsRgba) { EXPECT_NO_THROW(detector_->detect(wall_with_frame(PixelFormat::rgba8))); }

TEST_P(DetectorConformance, ReadsAnUpsideDownViewByItsStride) {
  const Image image = wall_with_frame(PixelFormat::rgb8);
  ImageView flipped = image.view();
  flipped.data = image.row(image.height() - 1);
  flipped.stride = -flipped.stride;
  EXPECT_TRUE(same(detector_->detect(flipped), detector_->detect(Image(flipped))));
}

TEST_P(DetectorConformance, AbstainsIfAndOnlyIfItHasNoRegions) {
  const Detection detection = detector_->detect(wall_with_frame(PixelFormat::rgb8));
  EXPECT_EQ(detection.empty(), detection.abstention != Abstention::none);
}

TEST_P(DetectorConformance, SaysWhyIfAndOnlyIfItAbstains) {
  const Detection detection = detector_->detect(plain_wall());
  EXPECT_EQ(detection.empty(), detection.abstention != Abstention::none);
  EXPECT_EQ(detection.empty(), !detection.reason.empty());
}

TEST_P(DetectorConformance, GivesConvexClockwiseQuads) {
  for (const Region& region : all_regions(detector_->detect(wall_with_frame(PixelFormat::rgb8))))
    EXPECT_TRUE(is_convex(region.quad));
}

TEST_P(DetectorConformance, GivesQuadsThatTouchTheScene) {
  for (const Region& region : all_regions(detector_->detect(wall_with_frame(PixelFormat::rgb8))))
    EXPECT_NO_THROW(require_usable(region.quad, {320, 240}));
}

TEST_P(DetectorConformance, GivesConfidenceAsAShare) {
  for (const Region& region : all_regions(detector_->detect(wall_with_frame(PixelFormat::rgb8)))) {
    EXPECT_GE(region.confidence, 0);
    EXPECT_LE(region.confidence, 1);
  }
}

TEST_P(DetectorConformance, GivesSurfacesBeforeTheirRunnersUp) {
  const Detection detection = detector_->detect(wall_with_frame(PixelFormat::rgb8));
  EXPECT_TRUE(std::is_partitioned(detection.begin(), detection.end(),
                                  [](const Region& region) { return !region.alternative; }));
}

TEST_P(DetectorConformance, NamesItselfInEveryRegion) {
  for (const Region& region : all_regions(detector_->detect(wall_with_frame(PixelFormat::rgb8))))
    EXPECT_FALSE(region.detector.empty());
}

TEST_P(DetectorConformance, GivesTheSameAnswerTwice) {
  const Image image = wall_with_frame(PixelFormat::rgb8);
  EXPECT_TRUE(same(detector_->detect(image), detector_->detect(image)));
}

TEST_P(DetectorConformance, GivesTheSameAnswerOnFourThreadsAtOnce) {
  const Image image = wall_with_frame(PixelFormat::rgb8);
  std::array<Detection, 4> answers;
  {
    std::vector<std::jthread> threads;
    for (Detection& answer : answers) threads.emplace_back([&] { answer = detector_->detect(image); });
  }
  for (const Detection& answer : answers) EXPECT_TRUE(same(answer, answers[0]));
}

TEST_P(DetectorConformance, StopsWhenItIsCancelled) {
  Context context;
  context.cancel();
  try {
    detector_->detect(wall_with_frame(PixelFormat::rgb8), context);
    FAIL() << "a cancelled call gave an answer";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST_P(DetectorConformance, StopsAtTheDeadline) {
  Context context = Context::with_timeout(std::chrono::milliseconds(0));
  try {
    detector_->detect(wall_with_frame(PixelFormat::rgb8), context);
    FAIL() << "a call past its deadline gave an answer";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::deadline_exceeded);
  }
}

TEST_P(DetectorConformance, SurvivesASinglePixel) {
  EXPECT_NO_THROW(detector_->detect(Image({1, 1}, PixelFormat::rgba8)));
}

TEST_P(DetectorConformance, SurvivesAThread) {
  EXPECT_NO_THROW(detector_->detect(Image({10'000, 1}, PixelFormat::rgb8)));
}

INSTANTIATE_TEST_SUITE_P(
    Backends, DetectorConformance,
    testing::Values(Backend{"fixed",
                            [] {
                              return make_fixed_detector({quad_of({40, 40, 60, 50})});
                            }},
                    Backend{"surface", [] { return make_surface_detector(); }},
                    Backend{"mock", [] { return make_mock_detector(); }},
                    Backend{"chain",
                            [] {
                              return make_chain_detector({make_fixed_detector({}), make_mock_detector()});
                            }}),
    [](const testing::TestParamInfo<Backend>& backend) { return backend.param.name; });

}  // namespace
}  // namespace vitrine
