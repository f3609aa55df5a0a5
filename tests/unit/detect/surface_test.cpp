#include "vitrine/detect/surface.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

#include "support/drawn_scene.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using test::corner_error;
using test::DrawnScene;
using test::grown;

constexpr Size kSize{640, 480};
constexpr test::Rgba kWall{168, 160, 150, 255};
constexpr test::Rgba kDarkFrame{52, 38, 30, 255};
constexpr test::Rgba kSheet{226, 224, 220, 255};
constexpr test::Rgba kNothing{0, 0, 0, 0};
const Quad kTilted{{{{201.3, 117.6}, {431.8, 139.2}, {425.4, 331.7}, {207.9, 356.1}}}};

Detection detect(const Image& scene) { return make_surface_detector()->detect(scene); }

DrawnScene framed_sheet() {
  return DrawnScene(kSize, kWall).quad(grown(kTilted, 14), kDarkFrame).quad(kTilted, kSheet);
}

// The answer's first quad, or one that is nowhere near anything.
Quad first_quad(const Detection& detection) {
  return detection.empty() ? quad_of({-999, -999, 1, 1}) : detection[0].quad;
}

Image transposed(const Image& image) {
  Image result({image.height(), image.width()}, image.format());
  const MutableImageView pixels = result.edit();
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (int c = 0; c < 3; ++c) pixels.row(x)[3 * y + c] = image.row(y)[3 * x + c];
  return result;
}

Image checkerboard(Size size, int tile) {
  Image image(size, PixelFormat::rgb8);
  const MutableImageView pixels = image.edit();
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x)
      for (int c = 0; c < 3; ++c) pixels.row(y)[3 * x + c] = (x / tile + y / tile) % 2 == 0 ? 30 : 220;
  return image;
}

TEST(SurfaceDetector, FindsATransparentHoleToATenthOfAPixel) {
  const Detection detection = detect(DrawnScene(kSize, kWall).quad(kTilted, kNothing).rgba());
  EXPECT_LT(corner_error(first_quad(detection), kTilted), 0.1);
}

TEST(SurfaceDetector, SaysThatAHoleIsAHole) {
  const Detection detection = detect(DrawnScene(kSize, kWall).quad(kTilted, kNothing).rgba());
  ASSERT_FALSE(detection.empty());
  EXPECT_EQ(detection[0].shows, Shows::hole);
  EXPECT_EQ(detection[0].detector, "surface");
}

TEST(SurfaceDetector, MasksAHoleByItsTransparency) {
  const Quad plant = quad_of({300, 250, 40, 140});
  const Image scene = DrawnScene(kSize, kWall).quad(kTilted, kNothing).quad(plant, {20, 90, 30, 255}).rgba();
  const Detection detection = detect(scene);
  ASSERT_FALSE(detection.empty());
  ASSERT_TRUE(detection[0].mask);
  EXPECT_EQ(detection[0].mask->size(), kSize);
  EXPECT_EQ(detection[0].mask->row(200)[260], 255);
  EXPECT_EQ(detection[0].mask->row(300)[320], 0);
  EXPECT_EQ(detection[0].mask->row(20)[20], 0);
}

TEST(SurfaceDetector, FindsAKeyColouredAreaToHalfAPixel) {
  const Detection detection = detect(DrawnScene(kSize, kWall).quad(kTilted, {0, 200, 40, 255}).noise(2).rgb());
  EXPECT_LT(corner_error(first_quad(detection), kTilted), 0.5);
}

TEST(SurfaceDetector, MasksAKeyColouredAreaByItsColour) {
  const Image scene = DrawnScene(kSize, kWall)
                          .quad(kTilted, {0, 200, 40, 255})
                          .quad(quad_of({300, 250, 40, 140}), {90, 60, 30, 255})
                          .rgb();
  const Detection detection = detect(scene);
  ASSERT_FALSE(detection.empty());
  EXPECT_EQ(detection[0].shows, Shows::key);
  ASSERT_TRUE(detection[0].mask);
  EXPECT_EQ(detection[0].mask->row(200)[260], 255);
  EXPECT_EQ(detection[0].mask->row(300)[320], 0);
}

TEST(SurfaceDetector, FindsAWhiteCutOutToHalfAPixel) {
  const Detection detection = detect(DrawnScene(kSize, kWall).noise(6).quad(kTilted, {255, 255, 255, 255}).rgb());
  EXPECT_LT(corner_error(first_quad(detection), kTilted), 0.5);
}

TEST(SurfaceDetector, FindsTheSheetInAFrameUnderUnevenLight) {
  const Detection detection = detect(framed_sheet().light(0.7, 1.05).noise(5).rgb());
  EXPECT_LT(corner_error(first_quad(detection), kTilted), 0.5);
}

TEST(SurfaceDetector, OffersTheFrameAsARunnerUp) {
  const Detection detection = detect(framed_sheet().light(0.8, 1.05).noise(4).rgb());
  const bool offered = std::any_of(detection.begin(), detection.end(), [](const Region& region) {
    return region.alternative && corner_error(region.quad, grown(kTilted, 14)) < 1.5;
  });
  EXPECT_TRUE(offered);
}

TEST(SurfaceDetector, FindsADarkScreen) {
  const Image scene = DrawnScene(kSize, kWall)
                          .quad(grown(kTilted, 10), {190, 192, 196, 255})
                          .quad(kTilted, {14, 14, 18, 255})
                          .noise(3)
                          .rgb();
  const Detection detection = detect(scene);
  EXPECT_LT(corner_error(first_quad(detection), kTilted), 0.5);
}

TEST(SurfaceDetector, FindsTheMirroredAnswerInTheMirroredScene) {
  const Image scene = framed_sheet().noise(4).rgb();
  const Quad direct = first_quad(detect(scene));
  const Quad found = first_quad(detect(transposed(scene)));
  const Quad back{
      {{{found[0].y, found[0].x}, {found[3].y, found[3].x}, {found[2].y, found[2].x}, {found[1].y, found[1].x}}}};
  EXPECT_LT(corner_error(direct, back), 0.3);
}

TEST(SurfaceDetector, FindsFourThousandPixelsAsWellAsOneThousand) {
  Quad large = kTilted;
  for (Point& p : large.corners) p = {p.x * 6, p.y * 6};
  const Image scene = DrawnScene({3840, 2880}, kWall).quad(grown(large, 80), kDarkFrame).quad(large, kSheet).rgb();
  EXPECT_LT(corner_error(first_quad(detect(scene)), large), 0.5);
}

TEST(SurfaceDetector, FindsEveryHoleOfAGalleryWallOnce) {
  const Quad left = quad_of({80, 120, 120, 160});
  const Quad middle = quad_of({260, 120, 120, 160});
  const Quad right = quad_of({440, 120, 120, 160});
  const Detection detection =
      detect(DrawnScene(kSize, kWall).quad(left, kNothing).quad(middle, kNothing).quad(right, kNothing).rgba());
  const auto surfaces =
      std::count_if(detection.begin(), detection.end(), [](const Region& r) { return !r.alternative; });
  EXPECT_EQ(surfaces, 3);
}

TEST(SurfaceDetector, TakesNoHandleForAPlace) {
  const Image mug = DrawnScene(kSize, kNothing)
                        .quad(quad_of({150, 100, 260, 300}), {240, 240, 238, 255})
                        .quad(quad_of({410, 150, 110, 180}), {240, 240, 238, 255})
                        .quad(quad_of({412, 190, 70, 100}), kNothing)
                        .rgba();
  for (const Region& region : detect(mug)) EXPECT_NE(region.shows, Shows::hole);
}

TEST(SurfaceDetector, IsSilentBeforeAnEmptyWall) {
  const Detection detection = detect(DrawnScene(kSize, kWall).light(0.6, 1.1).noise(6).rgb());
  EXPECT_TRUE(detection.empty());
  EXPECT_FALSE(detection.reason.empty());
}

TEST(SurfaceDetector, IsSilentBeforeNoise) {
  EXPECT_TRUE(detect(DrawnScene(kSize, {128, 128, 128, 255}).noise(127).rgb()).empty());
}

TEST(SurfaceDetector, IsSilentBeforeOneColour) {
  EXPECT_EQ(detect(DrawnScene(kSize, kWall).rgb()).abstention, Abstention::no_candidate);
}

TEST(SurfaceDetector, CannotUseATransparentScene) {
  EXPECT_EQ(detect(DrawnScene(kSize, kNothing).rgba()).abstention, Abstention::unusable_scene);
}

TEST(SurfaceDetector, CannotUseASceneOfOnePixel) {
  EXPECT_EQ(detect(Image({1, 1}, PixelFormat::rgb8)).abstention, Abstention::unusable_scene);
}

TEST(SurfaceDetector, CannotUseAThread) {
  EXPECT_EQ(detect(Image({1, 10'000}, PixelFormat::rgb8)).abstention, Abstention::unusable_scene);
}

TEST(SurfaceDetector, EndsOnACheckerboard) { EXPECT_NO_THROW(detect(checkerboard({1024, 768}, 64))); }

TEST(SurfaceDetector, EndsOnAFineCheckerboard) { EXPECT_NO_THROW(detect(checkerboard({1024, 768}, 5))); }

TEST(SurfaceDetector, ShowsWhatItDidNotBelieve) {
  SurfaceOptions options;
  options.min_confidence = 1;
  const Detection detection = make_surface_detector(options)->detect(framed_sheet().noise(4).rgb());
  EXPECT_EQ(detection.abstention, Abstention::not_sure);
  EXPECT_FALSE(detection.rejected.empty());
}

TEST(SurfaceDetector, ReturnsNoMoreThanItMay) {
  SurfaceOptions options;
  options.max_regions = 1;
  EXPECT_EQ(make_surface_detector(options)->detect(framed_sheet().rgb()).size(), 1u);
}

TEST(SurfaceDetector, StopsWhileItWorks) {
  Context context;
  context.on_progress([&](double) { context.cancel(); });
  EXPECT_THROW(make_surface_detector()->detect(framed_sheet().rgb(), context), Error);
}

TEST(SurfaceDetector, RefusesAConfidenceAboveOne) {
  SurfaceOptions options;
  options.min_confidence = 1.1;
  EXPECT_THROW(make_surface_detector(options), std::invalid_argument);
}

TEST(SurfaceDetector, RefusesAWorkingSideOfNothing) {
  SurfaceOptions options;
  options.working_side = 0;
  EXPECT_THROW(make_surface_detector(options), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
