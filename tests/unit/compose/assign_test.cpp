#include "vitrine/compose/assign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr Size kScene{2000, 1000};

Region place(int x, int width, int height) {
  Region region;
  region.quad = quad_of({x, 100, width, height});
  return region;
}

TEST(AssignArtworks, GivesEachSurfaceTheArtworkOfItsShape) {
  const auto found = assign_artworks({{300, 200}, {200, 300}, {250, 250}}, {place(0, 200, 200), place(300, 300, 200), place(700, 200, 300)}, kScene);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].artwork, 2U);
  EXPECT_EQ(found[1].artwork, 0U);
  EXPECT_EQ(found[2].artwork, 1U);
  EXPECT_NEAR(found[1].mismatch, 1, 1e-9);
}

TEST(AssignArtworks, LooksAtAllTogetherAndNotAtTheFirstBest) {
  // Alone, the first artwork fits the first surface best; but then the second would fit nowhere.
  const auto found = assign_artworks({{120, 100}, {100, 100}}, {place(0, 115, 100), place(300, 180, 100)}, kScene);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].artwork, 1U);
  EXPECT_EQ(found[1].artwork, 0U);
}

TEST(AssignArtworks, LeavesOutTheWorstFittingArtworks) {
  const auto found = assign_artworks({{1000, 100}, {200, 300}, {100, 900}}, {place(0, 200, 300)}, kScene);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].artwork, 1U);
}

TEST(AssignArtworks, LeavesSurfacesEmptyWhenArtworksAreFew) {
  const auto found = assign_artworks({{300, 200}}, {place(0, 200, 300), place(300, 300, 200)}, kScene);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].region, 1U);
}

TEST(AssignArtworks, KeepsTheOrderAmongEquals) {
  const auto found = assign_artworks({{200, 300}, {200, 300}, {200, 300}}, {place(0, 200, 300), place(300, 200, 300)}, kScene);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].artwork, 0U);
  EXPECT_EQ(found[1].artwork, 1U);
}

TEST(AssignArtworks, PassesOverRunnersUp) {
  Region other = place(300, 200, 300);
  other.alternative = true;
  EXPECT_EQ(assign_artworks({{200, 300}, {200, 300}}, {place(0, 200, 300), other}, kScene).size(), 1U);
}

double sum(const std::vector<Size>& artworks, const std::vector<Region>& regions, const std::vector<std::size_t>& order) {
  double total = 0;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const double apart = std::log(static_cast<double>(artworks[order[i]].width) / artworks[order[i]].height) -
                         std::log(regions[i].quad[2].x - regions[i].quad[0].x) + std::log(regions[i].quad[2].y - regions[i].quad[0].y);
    total += apart * apart;
  }
  return total;
}

TEST(AssignArtworks, FindsWhatTryingAllOrdersFinds) {
  std::mt19937 random(5);
  std::vector<Size> artworks;
  std::vector<Region> regions;
  for (int i = 0; i < 6; ++i) {
    artworks.push_back({300 + static_cast<int>(random() % 300), 250});  // all landscape: ratios alone decide
    regions.push_back(place(20 + 300 * i, 110 + static_cast<int>(random() % 170), 100));
  }
  std::vector<std::size_t> order(6);
  std::iota(order.begin(), order.end(), 0U);
  double least = std::numeric_limits<double>::infinity();
  do least = std::min(least, sum(artworks, regions, order));
  while (std::next_permutation(order.begin(), order.end()));

  std::vector<std::size_t> found;
  for (const Assignment& assignment : assign_artworks(artworks, regions, kScene)) found.push_back(assignment.artwork);
  EXPECT_NEAR(sum(artworks, regions, found), least, 1e-6);
}

TEST(AssignArtworks, OfNothingIsNothing) { EXPECT_TRUE(assign_artworks({}, {}, kScene).empty()); }

TEST(AssignArtworks, RefusesAnArtworkWithoutPixels) {
  EXPECT_THROW(assign_artworks({{0, 10}}, {place(0, 10, 10)}, kScene), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
