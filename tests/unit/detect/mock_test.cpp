#include "vitrine/detect/mock.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

const Image kScene({100, 60}, PixelFormat::rgb8);

TEST(MockDetector, AnswersTheMiddleOfTheScene) {
  const Detection detection = make_mock_detector()->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_DOUBLE_EQ(detection[0].quad[0].x, 30);
  EXPECT_DOUBLE_EQ(detection[0].quad[2].y, 42);
  EXPECT_EQ(detection[0].label, "mock_frame");
}

TEST(MockDetector, AnswersTheRegionsItWasGiven) {
  Region region;
  region.quad = quad_of({1, 2, 3, 4});
  MockDetectorOptions options;
  options.regions = {region};
  const Detection detection = make_mock_detector(options)->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].quad, region.quad);
}

TEST(MockDetector, AbstainsWhenItsListIsEmpty) {
  MockDetectorOptions options;
  options.regions.emplace();
  options.reason = "Nothing here.";
  const Detection detection = make_mock_detector(options)->detect(kScene);
  EXPECT_EQ(detection.abstention, Abstention::no_candidate);
  EXPECT_EQ(detection.reason, "Nothing here.");
}

TEST(MockDetector, ThrowsTheErrorItWasGiven) {
  MockDetectorOptions options;
  options.error = ErrorCode::model_unavailable;
  const auto detector = make_mock_detector(options);
  try {
    detector->detect(kScene);
    FAIL() << "the scripted error was not thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model_unavailable);
  }
}

TEST(MockDetector, StopsWaitingAtTheDeadline) {
  MockDetectorOptions options;
  options.takes = std::chrono::hours(1);
  const auto detector = make_mock_detector(options);
  Context context = Context::with_timeout(std::chrono::milliseconds(1));
  EXPECT_THROW(detector->detect(kScene, context), Error);
}

}  // namespace
}  // namespace vitrine
