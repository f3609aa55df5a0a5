#include "vitrine/generate/procedural_scene.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

SceneOptions options_of(std::uint64_t seed, ScenePlace place) {
  SceneOptions options;
  options.seed = seed;
  options.size = {360, 270};
  options.place = place;
  return options;
}

SceneOptions covered(std::uint64_t seed, ScenePlace place) {
  SceneOptions options = options_of(seed, place);
  options.covered = true;
  return options;
}

bool same_pixels(const Image& a, const Image& b) {
  if (a.size() != b.size() || a.format() != b.format()) return false;
  const std::size_t bytes = static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(bytes_per_pixel(a.format()));
  for (int y = 0; y < a.height(); ++y)
    if (std::memcmp(a.row(y), b.row(y), bytes) != 0) return false;
  return true;
}

// Where the hole's edge lies on the line through the middle of pixel row `y` (or column, if `upright` is false), from
// how much of the line's pixels from `inside` outwards is transparent.
double edge_by_alpha(const Image& image, int line, double inside, int step, bool upright) {
  const int start = static_cast<int>(inside);
  double open = 0;
  for (int i = 0; i < 14; ++i) {
    const int at = start + i * step;
    const std::uint8_t* pixel = upright ? image.row(line) + 4 * at : image.row(at) + 4 * line;
    open += 1 - pixel[3] / 255.0;
  }
  return step > 0 ? start + open : start + 1 - open;
}

// The largest distance along a row or column between the quad's sides and the hole's edges, a few lines a side.
double worst_edge_error(const ProceduralScene& scene) {
  const Quad& quad = scene.surfaces.front().quad;
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = quad[i];
    const Point b = quad[(i + 1) % 4];
    const bool upright = std::abs(b.y - a.y) > std::abs(b.x - a.x);
    for (const double share : {0.3, 0.45, 0.6, 0.7}) {
      const int line = static_cast<int>(upright ? a.y + share * (b.y - a.y) : a.x + share * (b.x - a.x));
      const double t = upright ? (line + 0.5 - a.y) / (b.y - a.y) : (line + 0.5 - a.x) / (b.x - a.x);
      const double side = upright ? a.x + t * (b.x - a.x) : a.y + t * (b.y - a.y);
      const int step = i == 1 || i == 2 ? 1 : -1;
      worst = std::max(worst, std::abs(edge_by_alpha(scene.image, line, side - step * 8, step, upright) - side));
    }
  }
  return worst;
}

double mask_area(const Region& region) {
  double sum = 0;
  for (int y = 0; y < region.mask->height(); ++y)
    for (int x = 0; x < region.mask->width(); ++x) sum += region.mask->row(y)[x] / 255.0;
  return sum;
}

// Applies `check` to every pixel that lies wholly on the first surface.
template <class Check>
void for_each_inner_pixel(const ProceduralScene& scene, const Check& check) {
  const Image& mask = *scene.surfaces.front().mask;
  for (int y = 0; y < mask.height(); ++y)
    for (int x = 0; x < mask.width(); ++x)
      if (mask.row(y)[x] == 255) check(x, y);
}

std::array<float, 3> albedo_of(const Region& region) {
  std::istringstream words(region.reason.substr(region.reason.find("albedo ") + 7));
  std::array<float, 3> albedo{};
  words >> albedo[0] >> albedo[1] >> albedo[2];
  return albedo;
}

struct Deviation {
  double mean = 0;
  double worst = 0;
};

// Of the picture's green from light times albedo.
Deviation deviation_from_light(const ProceduralScene& scene) {
  const auto albedo = albedo_of(scene.surfaces.front());
  Deviation result;
  double count = 0;
  for_each_inner_pixel(scene, [&](int x, int y) {
    const double expected = static_cast<double>(scene.light.view().row_f32(y)[3 * x + 1] * albedo[1]);
    const double off = static_cast<double>(linear_from_srgb8()[scene.image.row(y)[3 * x + 1]]) - expected;
    result.mean += off;
    result.worst = std::max(result.worst, std::abs(off));
    ++count;
  });
  result.mean /= count;
  return result;
}

// Share of the first surface that something stands in front of.
double covered_part(const ProceduralScene& scene) {
  return 1 - mask_area(scene.surfaces.front()) / area(scene.surfaces.front().quad);
}

double most_occluded(const ProceduralScene& scene) {
  float most = 0;
  for_each_inner_pixel(scene, [&](int x, int y) { most = std::max(most, scene.occluder.view().row_f32(y)[x]); });
  return static_cast<double>(most);
}

class EverySeed : public testing::TestWithParam<std::uint64_t> {};

TEST_P(EverySeed, HoleEdgesLieOnTheQuad) {
  EXPECT_LT(worst_edge_error(make_procedural_scene(options_of(GetParam(), ScenePlace::hole))), 0.1);
}

TEST_P(EverySeed, MaskHasTheAreaOfTheQuad) {
  const ProceduralScene scene = make_procedural_scene(options_of(GetParam(), ScenePlace::cutout));
  const double expected = area(scene.surfaces.front().quad);
  EXPECT_NEAR(mask_area(scene.surfaces.front()), expected, 0.002 * expected);
}

TEST_P(EverySeed, BlankIsLightTimesAlbedo) {
  const Deviation deviation = deviation_from_light(make_procedural_scene(options_of(GetParam(), ScenePlace::blank)));
  EXPECT_LT(std::abs(deviation.mean), 0.005);
  EXPECT_LT(deviation.worst, 0.06);
}

TEST_P(EverySeed, CoverHidesAPartAndOnlyAPart) {
  const double part = covered_part(make_procedural_scene(covered(GetParam(), ScenePlace::blank)));
  EXPECT_GT(part, 0.02);
  EXPECT_LT(part, 0.75);
}

TEST_P(EverySeed, SurfacesLieInsideThePicture) {
  SceneOptions options = options_of(GetParam(), ScenePlace::blank);
  options.max_tilt_degrees = 60;
  const ProceduralScene scene = make_procedural_scene(options);
  const Quad& quad = scene.surfaces.front().quad;
  EXPECT_TRUE(is_convex(quad));
  EXPECT_TRUE(std::all_of(quad.corners.begin(), quad.corners.end(),
                          [](Point p) { return p.x > 0 && p.y > 0 && p.x < 360 && p.y < 270; }));
}

TEST_P(EverySeed, WithoutTiltOppositeSidesAreEqual) {
  SceneOptions options = options_of(GetParam(), ScenePlace::cutout);
  options.max_tilt_degrees = 0;
  const Quad quad = make_procedural_scene(options).surfaces.front().quad;
  EXPECT_NEAR(distance(quad[0], quad[1]), distance(quad[3], quad[2]), 0.5);
  EXPECT_NEAR(distance(quad[0], quad[3]), distance(quad[1], quad[2]), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EverySeed, testing::Range<std::uint64_t>(1, 15));

TEST(ProceduralScene, SameOptionsGiveTheSamePixels) {
  const ProceduralScene first = make_procedural_scene(covered(7, ScenePlace::hole));
  const ProceduralScene second = make_procedural_scene(covered(7, ScenePlace::hole));
  EXPECT_TRUE(same_pixels(first.image, second.image));
  EXPECT_TRUE(same_pixels(first.light, second.light));
  EXPECT_TRUE(same_pixels(first.occluder, second.occluder));
  EXPECT_EQ(first.description, second.description);
}

TEST(ProceduralScene, OtherSeedsGiveOtherRooms) {
  const ProceduralScene first = make_procedural_scene(options_of(1, ScenePlace::blank));
  const ProceduralScene second = make_procedural_scene(options_of(2, ScenePlace::blank));
  EXPECT_FALSE(same_pixels(first.image, second.image));
  EXPECT_NE(first.surfaces.front().quad, second.surfaces.front().quad);
}

TEST(ProceduralScene, PlaceChangesOnlyWhatTheSurfaceShows) {
  const ProceduralScene blank = make_procedural_scene(options_of(5, ScenePlace::blank));
  const ProceduralScene key = make_procedural_scene(options_of(5, ScenePlace::key));
  EXPECT_EQ(blank.surfaces.front().quad, key.surfaces.front().quad);
  EXPECT_TRUE(same_pixels(blank.light, key.light));
}

TEST(ProceduralScene, ShowsFollowsThePlace) {
  EXPECT_EQ(make_procedural_scene(options_of(3, ScenePlace::blank)).surfaces.front().shows, Shows::plain);
  EXPECT_EQ(make_procedural_scene(options_of(3, ScenePlace::hole)).surfaces.front().shows, Shows::hole);
  EXPECT_EQ(make_procedural_scene(options_of(3, ScenePlace::key)).surfaces.front().shows, Shows::key);
  EXPECT_EQ(make_procedural_scene(options_of(3, ScenePlace::cutout)).surfaces.front().shows, Shows::blank);
  EXPECT_EQ(make_procedural_scene(options_of(3, ScenePlace::filled)).surfaces.front().shows, Shows::filled);
}

TEST(ProceduralScene, CutoutIsPureWhite) {
  const ProceduralScene scene = make_procedural_scene(options_of(4, ScenePlace::cutout));
  int darkest = 255;
  for_each_inner_pixel(scene, [&](int x, int y) {
    const std::uint8_t* pixel = scene.image.row(y) + 3 * x;
    darkest = std::min({darkest, int{pixel[0]}, int{pixel[1]}, int{pixel[2]}});
  });
  EXPECT_EQ(darkest, 255);
}

TEST(ProceduralScene, KeyIsOneFlatColour) {
  const ProceduralScene scene = make_procedural_scene(options_of(4, ScenePlace::key));
  std::vector<std::array<std::uint8_t, 3>> colours;
  for_each_inner_pixel(scene, [&](int x, int y) {
    const std::uint8_t* pixel = scene.image.row(y) + 3 * x;
    colours.push_back({pixel[0], pixel[1], pixel[2]});
  });
  EXPECT_TRUE(
      std::all_of(colours.begin(), colours.end(), [&](const auto& colour) { return colour == colours.front(); }));
}

TEST(ProceduralScene, HoleIsEmptyAndTheRestOpaque) {
  const ProceduralScene scene = make_procedural_scene(options_of(6, ScenePlace::hole));
  EXPECT_EQ(scene.image.format(), PixelFormat::rgba8);
  EXPECT_EQ(scene.image.row(0)[3], 255);
  int most = 0;
  for_each_inner_pixel(scene, [&](int x, int y) { most = std::max(most, int{scene.image.row(y)[4 * x + 3]}); });
  EXPECT_EQ(most, 0);
}

TEST(ProceduralScene, MaskIsWhatTheOccluderLeaves) {
  EXPECT_LT(most_occluded(make_procedural_scene(covered(9, ScenePlace::hole))), 0.003);
}

TEST(ProceduralScene, OccludersStayOpaqueBeforeAHole) {
  const ProceduralScene scene = make_procedural_scene(covered(11, ScenePlace::hole));
  int least = 255;
  for (int y = 0; y < scene.image.height(); ++y)
    for (int x = 0; x < scene.image.width(); ++x)
      if (scene.occluder.view().row_f32(y)[x] == 1.0F) least = std::min(least, int{scene.image.row(y)[4 * x + 3]});
  EXPECT_EQ(least, 255);
}

TEST(ProceduralScene, NoneHasNoSurface) {
  const ProceduralScene scene = make_procedural_scene(options_of(8, ScenePlace::none));
  EXPECT_TRUE(scene.surfaces.empty());
  EXPECT_EQ(scene.image.size(), (Size{360, 270}));
}

TEST(ProceduralScene, HangsAsManySurfacesAsAskedFor) {
  SceneOptions options = options_of(8, ScenePlace::filled);
  options.surfaces = 6;
  EXPECT_EQ(make_procedural_scene(options).surfaces.size(), 6U);
}

TEST(ProceduralScene, SaysWhatItShows) {
  EXPECT_FALSE(make_procedural_scene(options_of(1, ScenePlace::blank)).description.empty());
}

TEST(ProceduralScene, RefusesSidesOutOfRange) {
  SceneOptions options = options_of(1, ScenePlace::blank);
  options.size = {63, 270};
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
  options.size = {360, 8193};
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
}

TEST(ProceduralScene, TakesTheSmallestSides) {
  SceneOptions options = options_of(1, ScenePlace::blank);
  options.size = {64, 64};
  EXPECT_EQ(make_procedural_scene(options).image.size(), (Size{64, 64}));
}

TEST(ProceduralScene, RefusesTooManyOrNoSurfaces) {
  SceneOptions options = options_of(1, ScenePlace::blank);
  options.surfaces = 7;
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
  options.surfaces = 0;
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
}

TEST(ProceduralScene, RefusesTiltOutOfRange) {
  SceneOptions options = options_of(1, ScenePlace::blank);
  options.max_tilt_degrees = 61;
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
  options.max_tilt_degrees = std::nan("");
  EXPECT_THROW(make_procedural_scene(options), std::invalid_argument);
}

TEST(ScenePlace, HasStableNames) {
  EXPECT_EQ(name_of(ScenePlace::blank), "blank");
  EXPECT_EQ(name_of(ScenePlace::cutout), "cutout");
  EXPECT_EQ(name_of(ScenePlace::none), "none");
}

}  // namespace
}  // namespace vitrine
