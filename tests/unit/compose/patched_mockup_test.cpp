#include <gtest/gtest.h>

#include <fstream>

#include "compose/template_parts.h"
#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/jpeg_coefficients.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "vitrine/compose/perspective.h"

namespace vitrine {
namespace {

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (int y = 0; y < a.height(); ++y)
    for (std::size_t i = 0; i < row_size(a); ++i) sum += std::abs(int{a.row(y)[i]} - int{b.row(y)[i]});
  return sum / static_cast<double>(a.byte_size());
}

class PatchedMockup : public ::testing::Test {
 protected:
  static Bytes scene_file(int quality, ChromaSampling chroma = ChromaSampling::yuv420) {
    return encode_image(wavy_image({333, 250}, PixelFormat::rgb8), {.format = FileFormat::jpeg, .quality = quality, .chroma = chroma});
  }

  static std::vector<Region> regions() {
    return {{.quad = {{{{101, 60}, {160, 66}, {158, 121}, {99, 118}}}}}, {.quad = quad_of({250, 180, 40, 40})}};
  }

  Template prepare(const Bytes& file) const { return compositor_->prepare_encoded(file, regions(), {}, *context_); }

  Bytes render(const Template& room, const EncodeOptions& encoding = {}) const {
    return compositor_->render_encoded(room, placements_, encoding, {}, *context_);
  }

  std::unique_ptr<Compositor> compositor_ = make_perspective_compositor();
  std::unique_ptr<Context> context_ = std::make_unique<Context>();
  Image artwork_ = wavy_image({90, 90}, PixelFormat::rgb8);
  std::vector<Placement> placements_{{artwork_, 0, Fit::stretch, {.light = Light::flat}}};
};

TEST_F(PatchedMockup, IsTheRenderedMockupUpToCodingNoise) {
  const Template room = prepare(scene_file(95));
  ASSERT_EQ(patch_obstacle(room), "");
  const Image rendered = compositor_->render(room, placements_);
  EXPECT_LT(mean_difference(decode_image(render(room)), rendered), 0.5);
}

TEST_F(PatchedMockup, EqualsItsSceneOutsideThePatch) {
  const Template room = prepare(scene_file(95));
  const Image mockup = decode_image(render(room));
  const auto outside = [&](Rect rect) {
    return largest_difference(Image(mockup.view().crop(rect)), Image(room.scene().view().crop(rect)));
  };
  EXPECT_EQ(outside({0, 0, 333, 46}), 0);
  EXPECT_EQ(outside({0, 132, 333, 118}), 0);
  EXPECT_EQ(outside({193, 0, 140, 250}), 0);
}

TEST_F(PatchedMockup, IsPaintedOnEveryRegion) {
  placements_.push_back({artwork_, 1, Fit::stretch, {.light = Light::flat}});
  const Template room = prepare(scene_file(95));
  EXPECT_LT(mean_difference(decode_image(render(room)), compositor_->render(room, placements_)), 0.6);
}

TEST_F(PatchedMockup, IsItsSceneWithoutPlacements) {
  placements_.clear();
  const Bytes file = scene_file(95);
  EXPECT_EQ(coefficients_of(render(prepare(file))), coefficients_of(file));
}

TEST_F(PatchedMockup, DecodesNothingButThePatch) {
  const Template room = prepare(scene_file(95));
  render(room);
  EXPECT_FALSE(room.parts().scene.has_pixels());
}

TEST_F(PatchedMockup, IsTheSameOnAnyNumberOfThreads) {
  const Template room = prepare(scene_file(95));
  const auto with_threads = [&](int threads) {
    return compositor_->render_encoded(room, placements_, {}, {.threads = threads}, *context_);
  };
  EXPECT_EQ(with_threads(1), with_threads(4));
}

TEST_F(PatchedMockup, IsTheSameFromAFile) {
  const TemporaryFolder folder;
  const Template room = prepare(scene_file(95));
  save_template(folder / "room.vitrine", room);
  const Template loaded = load_template(folder / "room.vitrine");
  std::filesystem::remove(folder / "room.vitrine");
  EXPECT_EQ(patch_obstacle(loaded), "");
  EXPECT_EQ(render(loaded), render(room));
}

TEST_F(PatchedMockup, TakesTheQualityThatIsAskedFor) {
  const Template room = prepare(scene_file(95));
  EXPECT_EQ(patch_obstacle(room, {.quality = 95}), "");
  EXPECT_NE(patch_obstacle(room, {.quality = 90}), "");
  EXPECT_LT(render(room, {.quality = 60}).size(), render(room).size());
}

TEST_F(PatchedMockup, IsNotCodedAtAPoorScenesQuality) { EXPECT_NE(patch_obstacle(prepare(scene_file(70))), ""); }

TEST_F(PatchedMockup, NeedsAsMuchChromaAsIsAskedFor) {
  const EncodeOptions full{.chroma = ChromaSampling::yuv444};
  EXPECT_NE(patch_obstacle(prepare(scene_file(95)), full), "");
  EXPECT_EQ(patch_obstacle(prepare(scene_file(95, ChromaSampling::yuv444)), full), "");
}

TEST_F(PatchedMockup, IsWholeInOtherFormats) {
  const Template room = prepare(scene_file(95));
  EXPECT_NE(patch_obstacle(room, {.format = FileFormat::png}), "");
  EXPECT_EQ(sniff_format(render(room, {.format = FileFormat::png})), FileFormat::png);
}

TEST_F(PatchedMockup, IsWholeWhereTheSceneIsTurned) {
  const Image image = wavy_image({333, 250}, PixelFormat::rgb8);
  Bytes exif{'E', 'x', 'i', 'f', 0, 0};
  const Bytes turned = exif_with_orientation(3, ByteOrder::little);
  exif.insert(exif.end(), turned.begin(), turned.end());
  const Bytes file = encode(JpegFile{.size = image.size(), .samples = samples_of(image), .exif = exif});
  const Template room = prepare(file);
  EXPECT_NE(patch_obstacle(room).find("orientation"), std::string::npos);
  EXPECT_LT(mean_difference(decode_image(render(room, {.quality = 97})), compositor_->render(room, placements_)), 2);
}

TEST_F(PatchedMockup, IsWholeInASceneOfPixels) {
  const Template room = compositor_->prepare(wavy_image({333, 250}, PixelFormat::rgb8), regions());
  EXPECT_NE(patch_obstacle(room), "");
}

TEST_F(PatchedMockup, RefusesABadPlacement) {
  placements_[0].region = 7;
  EXPECT_THROW(render(prepare(scene_file(95))), std::invalid_argument);
}

TEST_F(PatchedMockup, StopsWhenCancelled) {
  const Template room = prepare(scene_file(95));
  context_->cancel();
  EXPECT_EQ(code_of([&] { render(room); }), ErrorCode::cancelled);
}

TEST_F(PatchedMockup, SaysThatAForgedTemplateIsDamaged) {
  const Template room = prepare(scene_file(95));
  // The JPEG is whole but for its coded pixels.
  Bytes jpeg(room.parts().scene.jpeg()->bytes().begin(), room.parts().scene.jpeg()->bytes().end());
  const auto grid = find_restart_grid(jpeg);
  for (const auto& interval : grid->intervals)
    for (std::size_t i = interval.begin; i < interval.end; ++i) jpeg[i] = 0xFE;
  auto parts = std::make_shared<TemplateParts>(room.parts());
  parts->scene = ScenePicture(PatchableJpeg::open(jpeg, nullptr, {}));
  EXPECT_EQ(code_of([&] { render(Template(parts)); }), ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vitrine
