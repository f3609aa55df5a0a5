#include "vitrine/detect/chain.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "vitrine/detect/mock.h"

namespace vitrine {
namespace {

const Image kScene({100, 60}, PixelFormat::rgb8);

std::shared_ptr<const Detector> answering(const std::string& label) {
  Region region;
  region.quad = quad_of({10, 10, 20, 20});
  region.label = label;
  MockDetectorOptions options;
  options.regions = {region};
  return make_mock_detector(options);
}

std::shared_ptr<const Detector> abstaining(const std::string& reason) {
  MockDetectorOptions options;
  options.regions.emplace();
  options.reason = reason;
  return make_mock_detector(options);
}

std::shared_ptr<const Detector> failing(ErrorCode code) {
  MockDetectorOptions options;
  options.error = code;
  return make_mock_detector(options);
}

TEST(ChainDetector, ReturnsTheFirstAnswer) {
  const Detection detection = make_chain_detector({answering("first"), answering("second")})->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].label, "first");
}

TEST(ChainDetector, AsksTheNextWhenOneAbstains) {
  const Detection detection = make_chain_detector({abstaining("No."), answering("second")})->detect(kScene);
  ASSERT_EQ(detection.size(), 1u);
  EXPECT_EQ(detection[0].label, "second");
}

TEST(ChainDetector, SaysWhatEachSaidWhenAllAbstain) {
  const Detection detection = make_chain_detector({abstaining("No frame."), abstaining("No hole.")})->detect(kScene);
  EXPECT_TRUE(detection.empty());
  EXPECT_EQ(detection.reason, "No frame. No hole.");
}

TEST(ChainDetector, TakesAMissingModelForAnAbstention) {
  const auto detector = make_chain_detector({failing(ErrorCode::model_unavailable), answering("second")});
  EXPECT_EQ(detector->detect(kScene).size(), 1u);
}

TEST(ChainDetector, AbstainsWhenTheOthersDoAndAModelIsMissing) {
  const auto detector = make_chain_detector({failing(ErrorCode::model_unavailable), abstaining("No hole.")});
  EXPECT_EQ(detector->detect(kScene).abstention, Abstention::no_candidate);
}

TEST(ChainDetector, ThrowsWhenEveryModelIsMissing) {
  const auto detector =
      make_chain_detector({failing(ErrorCode::model_unavailable), failing(ErrorCode::model_unavailable)});
  try {
    detector->detect(kScene);
    FAIL() << "a chain without any model answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::model_unavailable);
  }
}

TEST(ChainDetector, LetsOtherErrorsThrough) {
  const auto detector = make_chain_detector({failing(ErrorCode::unavailable), answering("second")});
  try {
    detector->detect(kScene);
    FAIL() << "the error was swallowed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
  }
}

TEST(ChainDetector, RefusesAnEmptyList) { EXPECT_THROW(make_chain_detector({}), std::invalid_argument); }

TEST(ChainDetector, RefusesANullDetector) { EXPECT_THROW(make_chain_detector({nullptr}), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
