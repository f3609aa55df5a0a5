#include "vitrine/detect/annotate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace vitrine {
namespace {

Image gray_scene(Size size) {
  Image image(size, PixelFormat::rgb8);
  const MutableImageView pixels = image.edit();
  for (int y = 0; y < size.height; ++y) std::fill_n(pixels.row(y), 3 * size.width, std::uint8_t{128});
  return image;
}

Detection detection_at(const Quad& quad) {
  Region region;
  region.quad = quad;
  Detection detection;
  detection.regions.push_back(region);
  return detection;
}

bool changed_near(const Image& picture, Point p) {
  const int x0 = static_cast<int>(p.x) - 2;
  const int y0 = static_cast<int>(p.y) - 2;
  for (int y = y0; y < y0 + 5; ++y)
    for (int x = 3 * x0; x < 3 * (x0 + 5); ++x)
      if (picture.row(y)[x] != 128) return true;
  return false;
}

bool same_pixels(const Image& a, const Image& b) {
  for (int y = 0; y < a.height(); ++y)
    if (!std::equal(a.row(y), a.row(y) + 3 * a.width(), b.row(y))) return false;
  return true;
}

TEST(Annotate, KeepsTheSizeOfTheScene) { EXPECT_EQ(annotate(gray_scene({321, 123}), {}).size(), (Size{321, 123})); }

TEST(Annotate, DrawsTheSidesOfASurface) {
  const Image picture = annotate(gray_scene({320, 240}), detection_at(quad_of({60, 80, 100, 90})));
  EXPECT_TRUE(changed_near(picture, {110, 170}));
}

TEST(Annotate, LeavesTheInsideAlone) {
  const Image picture = annotate(gray_scene({320, 240}), detection_at(quad_of({60, 80, 100, 90})));
  EXPECT_FALSE(changed_near(picture, {110, 125}));
}

TEST(Annotate, DrawsWhatWasRejected) {
  Detection detection = detection_at(quad_of({60, 80, 100, 90}));
  detection.rejected.swap(detection.regions);
  EXPECT_TRUE(changed_near(annotate(gray_scene({320, 240}), detection), {110, 170}));
}

TEST(Annotate, WritesTheReasonAtTheFoot) {
  Detection detection;
  detection.abstention = Abstention::no_candidate;
  detection.reason = "Nothing here.";
  EXPECT_TRUE(changed_near(annotate(gray_scene({320, 240}), detection), {160, 235}));
}

TEST(Annotate, DrawsNothingWhereThereIsNothingToSay) {
  const Image scene = gray_scene({64, 48});
  EXPECT_TRUE(same_pixels(annotate(scene, {}), scene));
}

TEST(Annotate, ShowsTransparencyAsACheckerboard) {
  const Image picture = annotate(Image({64, 48}, PixelFormat::rgba8), {});
  EXPECT_NE(picture.row(0)[0], picture.row(0)[3 * 8]);
}

TEST(Annotate, SurvivesAQuadFarOutside) {
  EXPECT_NO_THROW(
      annotate(gray_scene({64, 48}), detection_at({{{{-1e12, -1e12}, {1e12, -1e12}, {1e12, 1e12}, {-1e12, 1e12}}}})));
}

TEST(Annotate, SurvivesASinglePixel) {
  EXPECT_NO_THROW(annotate(gray_scene({1, 1}), detection_at(quad_of({0, 0, 1, 1}))));
}

TEST(Annotate, RefusesAnEmptyScene) { EXPECT_THROW(annotate(ImageView{}, {}), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
