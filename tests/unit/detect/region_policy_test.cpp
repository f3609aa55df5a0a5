#include "vitrine/detect/region_policy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr Size kScene{100, 100};

Region region_at(Rect rect, double confidence = 0.9, const std::string& label = "surface") {
  Region region;
  region.quad = quad_of(rect);
  region.confidence = confidence;
  region.label = label;
  return region;
}

Region alternative_at(Rect rect, double confidence = 0.9) {
  Region region = region_at(rect, confidence);
  region.alternative = true;
  return region;
}

Detection detection_of(std::vector<Region> regions) {
  Detection detection;
  detection.regions = std::move(regions);
  return detection;
}

bool says(const Detection& detection, const std::string& words) {
  return detection.reason.find(words) != std::string::npos;
}

TEST(RegionPolicy, KeepsWhatItAcceptsInOrder) {
  const Detection kept =
      apply({}, detection_of({region_at({10, 10, 20, 20}, 0.6), region_at({50, 50, 30, 30})}), kScene);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].confidence, 0.6);
}

TEST(RegionPolicy, AcceptsConfidenceAtItsLimit) {
  EXPECT_EQ(apply({}, detection_of({region_at({10, 10, 20, 20}, 0.5)}), kScene).size(), 1u);
}

TEST(RegionPolicy, NamesTheConfidenceThatIsTooLow) {
  const Detection kept = apply({}, detection_of({region_at({10, 10, 20, 20}, 0.31)}), kScene);
  EXPECT_EQ(kept.abstention, Abstention::filtered);
  EXPECT_TRUE(says(kept, "has confidence 0.31, the policy asks for 0.50"));
}

TEST(RegionPolicy, NamesTheAreaThatIsTooSmall) {
  RegionPolicy policy;
  policy.min_area = 0.05;
  EXPECT_TRUE(says(apply(policy, detection_of({region_at({10, 10, 20, 20})}), kScene), "min_area"));
}

TEST(RegionPolicy, NamesTheAreaThatIsTooLarge) {
  RegionPolicy policy;
  policy.max_area = 0.03;
  EXPECT_TRUE(says(apply(policy, detection_of({region_at({10, 10, 20, 20})}), kScene), "max_area"));
}

TEST(RegionPolicy, CountsOnlyTheVisiblePartOfAQuad) {
  EXPECT_EQ(apply({}, detection_of({region_at({-50, -50, 200, 200})}), kScene).size(), 1u);
}

TEST(RegionPolicy, NamesTheMarginThatIsTooNarrow) {
  RegionPolicy policy;
  policy.margin = 0.11;
  EXPECT_TRUE(says(apply(policy, detection_of({region_at({10, 20, 20, 20})}), kScene), "margin"));
}

TEST(RegionPolicy, AcceptsAMarginAtItsLimit) {
  RegionPolicy policy;
  policy.margin = 0.1;
  EXPECT_EQ(apply(policy, detection_of({region_at({10, 20, 20, 20})}), kScene).size(), 1u);
}

TEST(RegionPolicy, KeepsOnlyTheLabelsItNames) {
  RegionPolicy policy;
  policy.labels = {"frame"};
  const Detection kept = apply(
      policy, detection_of({region_at({10, 10, 20, 20}, 0.9, "screen"), region_at({50, 50, 30, 30}, 0.8, "frame")}),
      kScene);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].label, "frame");
}

TEST(RegionPolicy, CountsSurfacesAndNotTheirRunnersUp) {
  RegionPolicy policy;
  policy.max_regions = 1;
  const Detection kept = apply(
      policy, detection_of({region_at({10, 10, 20, 20}), region_at({50, 50, 30, 30}), alternative_at({9, 9, 22, 22})}),
      kScene);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_FALSE(kept[0].alternative);
  EXPECT_TRUE(kept[1].alternative);
}

TEST(RegionPolicy, LetsARunnerUpStandForItsRefusedSurface) {
  const Detection kept =
      apply({}, detection_of({region_at({10, 10, 20, 20}, 0.4), alternative_at({9, 9, 22, 22}, 0.6)}), kScene);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_FALSE(kept[0].alternative);
}

TEST(RegionPolicy, ShowsWhatItRefused) {
  const Detection kept =
      apply({}, detection_of({region_at({10, 10, 20, 20}, 0.4), region_at({50, 50, 30, 30})}), kScene);
  ASSERT_EQ(kept.rejected.size(), 1u);
  EXPECT_EQ(kept.rejected[0].confidence, 0.4);
}

TEST(RegionPolicy, LeavesAnAbstentionAsItIs) {
  Detection detection;
  detection.abstention = Abstention::not_sure;
  detection.reason = "Not sure.";
  const Detection kept = apply({}, detection, kScene);
  EXPECT_EQ(kept.abstention, Abstention::not_sure);
  EXPECT_EQ(kept.reason, "Not sure.");
}

TEST(RegionPolicy, RefusesAShareThatIsNoNumber) {
  RegionPolicy policy;
  policy.min_confidence = std::nan("");
  EXPECT_THROW(apply(policy, {}, kScene), std::invalid_argument);
}

TEST(RegionPolicy, RefusesAnAreaRangeThatIsEmpty) {
  RegionPolicy policy;
  policy.min_area = 0.5;
  policy.max_area = 0.4;
  EXPECT_THROW(apply(policy, {}, kScene), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
