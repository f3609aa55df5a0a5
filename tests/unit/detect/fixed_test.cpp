#include "vitrine/detect/fixed.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace vitrine {
namespace {

const Quad kInside{{{{10, 12}, {50, 14}, {52, 40}, {9, 38}}}};
const Quad kOutside = quad_of({200, 10, 20, 20});
const Image kScene({100, 60}, PixelFormat::rgb8);

TEST(FixedDetector, AnswersWithItsQuadsInOrder) {
  const Quad other = quad_of({60, 10, 20, 20});
  const Detection detection = make_fixed_detector({kInside, other})->detect(kScene);
  ASSERT_EQ(detection.size(), 2u);
  EXPECT_EQ(detection[0].quad, kInside);
  EXPECT_EQ(detection[1].quad, other);
}

TEST(FixedDetector, IsSureOfWhatItWasGiven) {
  const Detection detection = make_fixed_detector({kInside})->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].confidence, 1);
  EXPECT_EQ(detection[0].shows, Shows::given);
  EXPECT_EQ(detection[0].detector, "fixed");
}

TEST(FixedDetector, LeavesOutAQuadOutsideTheScene) {
  const Detection detection = make_fixed_detector({kOutside, kInside})->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].quad, kInside);
}

TEST(FixedDetector, AbstainsWhereNoQuadIsInside) {
  const Detection detection = make_fixed_detector({kOutside})->detect(kScene);
  EXPECT_TRUE(detection.empty());
  EXPECT_EQ(detection.abstention, Abstention::no_candidate);
  EXPECT_NE(detection.reason.find("100 x 60"), std::string::npos);
}

TEST(FixedDetector, KeepsACornerOrderThatTurnsTheArtwork) {
  const Quad turned{{{kInside[2], kInside[3], kInside[0], kInside[1]}}};
  const Detection detection = make_fixed_detector({turned})->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].quad, turned);
}

TEST(FixedDetector, RefusesAnAnticlockwiseQuad) {
  const Quad mirrored{{{kInside[3], kInside[2], kInside[1], kInside[0]}}};
  EXPECT_THROW(make_fixed_detector({mirrored}), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
