#include "image/patchable_jpeg.h"

#include <gtest/gtest.h>

#include <random>

#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/jpeg_coefficients.h"
#include "support/test_images.h"
#include "support/test_profiles.h"

namespace vitrine {
namespace {

struct Kind {
  const char* name;
  Size size;
  Size sampling;
  Scans scans;
};

Bytes jpeg_of(const Kind& kind) {
  const Image image = wavy_image(kind.size, PixelFormat::rgb8);
  return encode(JpegFile{.size = kind.size, .samples = samples_of(image), .quality = 90, .scans = kind.scans, .sampling = kind.sampling});
}

std::shared_ptr<const PatchableJpeg> patchable(const Bytes& jpeg) {
  auto made = PatchableJpeg::from(jpeg, {});
  EXPECT_EQ(made.obstacle, "");
  return made.jpeg;
}

// Paints a rectangle over the part that holds it.
Bytes painted(const PatchableJpeg& jpeg, Rect rect) {
  JpegPatch patch = jpeg.patch(jpeg.aligned(rect));
  const MutableImageView view = patch.pixels.edit();
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x) {
      std::uint8_t* pixel = view.row(y - patch.rect.y) + std::ptrdiff_t{3} * (x - patch.rect.x);
      pixel[0] = 250, pixel[1] = 20, pixel[2] = 40;
    }
  return jpeg.with({patch});
}

class PatchableKinds : public ::testing::TestWithParam<Kind> {};

TEST_P(PatchableKinds, RecodesEveryCoefficientAsItWas) {
  const Bytes jpeg = jpeg_of(GetParam());
  EXPECT_EQ(coefficients_of(patchable(jpeg)->bytes()), coefficients_of(jpeg));
}

TEST_P(PatchableKinds, DecodesAPartAsTheWholeButForItsBorder) {
  const auto jpeg = patchable(jpeg_of(GetParam()));
  const Image whole = jpeg->decode();
  const Rect rect = jpeg->aligned({90, 50, 40, 30});
  const JpegPatch patch = jpeg->patch(rect);
  const Rect inner{2, 2, rect.width - 4, rect.height - 4};
  EXPECT_EQ(largest_difference(Image(patch.pixels.view().crop(inner)),
                               Image(whole.view().crop({rect.x + 2, rect.y + 2, inner.width, inner.height}))), 0);
}

TEST_P(PatchableKinds, ChangesNoCoefficientOutsideWhatWasPaintedOn) {
  const auto jpeg = patchable(jpeg_of(GetParam()));
  const Rect rect = jpeg->aligned({90, 50, 40, 30});
  const auto before = coefficients_of(jpeg->bytes());
  const auto after = coefficients_of(painted(*jpeg, {90, 50, 40, 30}));
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const int h = channel == 0 ? 8 : 8 * GetParam().sampling.width;
    const int v = channel == 0 ? 8 : 8 * GetParam().sampling.height;
    int changed = 0;
    for (int row = 0; row < before[channel].rows; ++row)
      for (int column = 0; column < before[channel].columns; ++column) {
        const bool inside = column * h >= rect.x && column * h < rect.x + rect.width && row * v >= rect.y &&
                            row * v < rect.y + rect.height;
        const bool same = before[channel].same_block(after[channel], column, row);
        EXPECT_TRUE(inside || same) << channel << " at " << column << ", " << row;
        changed += same ? 0 : 1;
      }
    EXPECT_GT(changed, 0);
  }
}

TEST_P(PatchableKinds, ShowsWhatWasPainted) {
  const auto jpeg = patchable(jpeg_of(GetParam()));
  const Image after = decode_image(painted(*jpeg, {90, 50, 40, 30}));
  EXPECT_NEAR(pixel(after, 110, 65)[0], 250, 8);
  EXPECT_NEAR(pixel(after, 110, 65)[1], 20, 8);
}

TEST_P(PatchableKinds, ChangesAPictureToItsLastPixel) {
  const auto jpeg = patchable(jpeg_of(GetParam()));
  const Size size = jpeg->size();
  const Image after = decode_image(painted(*jpeg, {size.width - 20, size.height - 20, 20, 20}));
  EXPECT_EQ(after.size(), size);
  EXPECT_NEAR(pixel(after, size.width - 1, size.height - 1)[0], 250, 25);
}

TEST_P(PatchableKinds, KeepsItsBytesWhenNothingIsPainted) {
  const auto jpeg = patchable(jpeg_of(GetParam()));
  const Bytes same = jpeg->with({jpeg->patch(jpeg->aligned({30, 30, 60, 60}))});
  EXPECT_TRUE(std::equal(same.begin(), same.end(), jpeg->bytes().begin(), jpeg->bytes().end()));
}

INSTANTIATE_TEST_SUITE_P(Jpegs, PatchableKinds,
                         ::testing::Values(Kind{"yuv420", {320, 240}, {2, 2}, Scans::baseline},
                                           Kind{"yuv420_odd", {317, 243}, {2, 2}, Scans::baseline},
                                           Kind{"yuv422_odd", {203, 131}, {2, 1}, Scans::baseline},
                                           Kind{"yuv440", {200, 136}, {1, 2}, Scans::baseline},
                                           Kind{"yuv444_odd", {211, 127}, {1, 1}, Scans::baseline},
                                           Kind{"prime_row", {600, 120}, {2, 2}, Scans::baseline},
                                           Kind{"progressive", {319, 200}, {2, 2}, Scans::progressive}),
                         [](const auto& test) { return test.param.name; });

TEST(PatchableJpeg, GivesAGreyPictureColour) {
  const Image gray = wavy_image({205, 133}, PixelFormat::gray8);
  const auto jpeg = patchable(encode(JpegFile{.size = gray.size(), .color = JpegColor::gray, .samples = samples_of(gray)}));
  EXPECT_NEAR(pixel(decode_image(painted(*jpeg, {90, 50, 40, 30})), 110, 65)[0], 250, 8);
}

TEST(PatchableJpeg, ShowsAGreyPictureAsItWas) {
  const Image gray = wavy_image({205, 133}, PixelFormat::gray8);
  const Bytes file = encode(JpegFile{.size = gray.size(), .color = JpegColor::gray, .samples = samples_of(gray)});
  EXPECT_EQ(largest_difference(patchable(file)->decode(), convert(decode_image(file), PixelFormat::rgb8)), 0);
}

JpegFile tagged(Bytes profile) {
  const Image image = wavy_image({160, 120}, PixelFormat::rgb8);
  return {.size = image.size(), .samples = samples_of(image), .quality = 95, .profile = std::move(profile)};
}

TEST(PatchableJpeg, PaintsInTheColoursOfItsProfile) {
  const auto jpeg = patchable(encode(tagged(display_p3_profile())));
  const Image after = decode_image(painted(*jpeg, {40, 40, 60, 40}));
  EXPECT_TRUE(probe_image(jpeg->bytes()).icc);
  EXPECT_NEAR(pixel(after, 70, 60)[0], 250, 8);
  EXPECT_NEAR(pixel(after, 70, 60)[1], 20, 12);
}

TEST(PatchableJpeg, TakesSrgbForAFileWithoutProfile) {
  EXPECT_TRUE(probe_image(patchable(encode(tagged({})))->bytes()).icc);
}

Bytes exif_block(int orientation) {
  Bytes block{'E', 'x', 'i', 'f', 0, 0};
  const Bytes exif = exif_with_orientation(orientation, ByteOrder::big);
  block.insert(block.end(), exif.begin(), exif.end());
  return block;
}

TEST(PatchableJpeg, KeepsExif) {
  JpegFile file = tagged({});
  file.exif = exif_block(1);
  const auto jpeg = patchable(encode(file));
  EXPECT_NE(std::search(jpeg->bytes().begin(), jpeg->bytes().end(), file.exif.begin(), file.exif.end()), jpeg->bytes().end());
}

TEST(PatchableJpeg, SaysThatATurnedPictureIsNone) {
  JpegFile file = tagged({});
  file.exif = exif_block(6);
  const auto made = PatchableJpeg::from(encode(file), {});
  EXPECT_FALSE(made.jpeg);
  EXPECT_NE(made.obstacle.find("orientation"), std::string::npos);
}

TEST(PatchableJpeg, SaysThatInksAreNoColours) {
  const JpegFile file{.size = {16, 16}, .color = JpegColor::cmyk, .samples = Bytes(16 * 16 * 4, 100)};
  EXPECT_FALSE(PatchableJpeg::from(encode(file), {}).obstacle.empty());
}

TEST(PatchableJpeg, SaysThatAGreyProfileHasNoColour) {
  const JpegFile file{.size = {16, 16}, .color = JpegColor::gray, .samples = Bytes(16 * 16, 100), .profile = linear_gray_profile()};
  EXPECT_FALSE(PatchableJpeg::from(encode(file), {}).obstacle.empty());
}

TEST(PatchableJpeg, KnowsItsQuality) {
  const auto jpeg = patchable(encode_image(wavy_image({64, 64}, PixelFormat::rgb8), {.format = FileFormat::jpeg, .quality = 90}));
  EXPECT_TRUE(jpeg->has_quality(90));
  EXPECT_FALSE(jpeg->has_quality(89));
  EXPECT_TRUE(jpeg->is_at_least(90));
  EXPECT_FALSE(jpeg->is_at_least(91));
}

TEST(PatchableJpeg, KnowsTheQualityOfAGreyPicture) {
  const Bytes file = encode_image(wavy_image({64, 64}, PixelFormat::gray8), {.format = FileFormat::jpeg, .quality = 90});
  EXPECT_TRUE(patchable(file)->has_quality(90));
}

TEST(PatchableJpeg, KeepsTheLimits) {
  DecodeOptions limits;
  limits.max_pixels = 64 * 63;
  const Bytes jpeg = encode_image(wavy_image({64, 64}, PixelFormat::rgb8), {.format = FileFormat::jpeg});
  EXPECT_EQ(code_of([&] { PatchableJpeg::from(jpeg, limits); }), ErrorCode::image_too_large);
}

TEST(PatchableJpeg, RefusesAFileWithoutItsGrid) {
  const Bytes jpeg = encode_image(wavy_image({64, 64}, PixelFormat::rgb8), {.format = FileFormat::jpeg});
  EXPECT_EQ(code_of([&] { PatchableJpeg::open(jpeg, nullptr, {}); }), ErrorCode::corrupt_data);
}

TEST(PatchableJpeg, SurvivesAnyByteChanged) {
  const auto good = patchable(jpeg_of({"", {160, 96}, {2, 2}, Scans::baseline}));
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    Bytes forged(good->bytes().begin(), good->bytes().end());
    forged[random() % forged.size()] = static_cast<std::uint8_t>(random());
    const auto code = code_of([&] {
      const auto jpeg = PatchableJpeg::open(forged, nullptr, {});
      decode_image(painted(*jpeg, {jpeg->size().width / 2, jpeg->size().height / 2, 1, 1}));
    });
    EXPECT_TRUE(!code || code == ErrorCode::corrupt_data || code == ErrorCode::invalid_image || code == ErrorCode::image_too_large) << i;
  }
}

}  // namespace
}  // namespace vitrine
