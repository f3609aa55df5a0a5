#include <gtest/gtest.h>

#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

constexpr std::uint8_t kAnimation = 0x02;
constexpr std::uint8_t kExif = 0x08;
constexpr std::uint8_t kAlpha = 0x10;

Bytes our_webp(const Image& image, int quality) {
  return encode_image(image, {.format = FileFormat::webp, .quality = quality});
}

Bytes animation(Size canvas, std::initializer_list<NamedChunk> frames) {
  std::vector<NamedChunk> chunks{webp_header(canvas, kAnimation | kAlpha), {"ANIM", Bytes(6)}};
  chunks.insert(chunks.end(), frames);
  return webp_container(chunks);
}

TEST(Webp, KeepsEverySampleAtQuality100) {
  for (const PixelFormat format : {PixelFormat::rgb8, PixelFormat::rgba8}) {
    const Image image = noise_image({37, 23}, format, 5);
    EXPECT_EQ(largest_difference(decode_image(our_webp(image, 100)), image), 0);
  }
}

TEST(Webp, MakesColourOfGray) {
  const Image image = noise_image({37, 23}, PixelFormat::gray8, 5);
  EXPECT_EQ(largest_difference(decode_image(our_webp(image, 100)), convert(image, PixelFormat::rgb8)), 0);
}

TEST(Webp, KeepsAPhotoWithinAFewLevels) {
  // Lossy WebP stores chroma at half size, and blue here waves fastest: most of it is that.
  const Image image = wavy_image({96, 60}, PixelFormat::rgb8);
  EXPECT_LE(largest_difference(decode_image(our_webp(image, 95)), image), 20);
}

TEST(Webp, KeepsAlphaWhenLossy) {
  const Image image = plain_image({16, 16}, PixelFormat::rgba8, {200, 100, 50, 77});
  const Image back = decode_image(our_webp(image, 80));
  EXPECT_EQ(back.format(), PixelFormat::rgba8);
  EXPECT_EQ(sample(back, 8, 8, 3), 77);
}

TEST(Webp, IsSmallerWithLessQuality) {
  const Image image = wavy_image({200, 200}, PixelFormat::rgb8);
  EXPECT_LT(our_webp(image, 40).size(), our_webp(image, 90).size());
}

TEST(Webp, ShowsTheFirstFrameOfAnAnimation) {
  const Image first = noise_image({12, 10}, PixelFormat::rgba8, 1);
  const Image second = noise_image({12, 10}, PixelFormat::rgba8, 2);
  const Bytes bytes = animation({12, 10}, {webp_frame(first, 0, 0), webp_frame(second, 0, 0)});
  EXPECT_TRUE(probe_image(bytes).animated);
  EXPECT_EQ(decode_image(bytes).format(), PixelFormat::rgba8);
  EXPECT_EQ(pixel(decode_image(bytes), 11, 5)[3], sample(first, 11, 5, 3));
}

TEST(Webp, LaysASmallFirstFrameOnATransparentCanvas) {
  const Image frame = plain_image({4, 4}, PixelFormat::rgb8, {10, 20, 30});
  const Image image = decode_image(animation({12, 10}, {webp_frame(frame, 6, 2)}));
  EXPECT_EQ(image.size(), (Size{12, 10}));
  EXPECT_EQ(pixel(image, 5, 2), (std::array{0, 0, 0, 0}));
  EXPECT_EQ(pixel(image, 6, 2), (std::array{10, 20, 30, 255}));
  EXPECT_EQ(pixel(image, 9, 5), (std::array{10, 20, 30, 255}));
  EXPECT_EQ(pixel(image, 10, 5), (std::array{0, 0, 0, 0}));
}

TEST(Webp, RefusesAFrameThatReachesOutsideItsCanvas) {
  const Image frame = plain_image({4, 4}, PixelFormat::rgb8, {10, 20, 30});
  const Bytes bytes = animation({12, 10}, {webp_frame(frame, 10, 2)});
  EXPECT_EQ(code_of([&] { decode_image(bytes); }), ErrorCode::invalid_image);
}

TEST(Webp, RefusesAnAnimationWithoutFrames) {
  EXPECT_EQ(code_of([&] { decode_image(animation({12, 10}, {})); }), ErrorCode::invalid_image);
}

TEST(Webp, RefusesMoreMetadataThanTheLimit) {
  const Image image = wavy_image({12, 10}, PixelFormat::rgb8);
  const Bytes bytes =
      webp_container({webp_header(image.size(), kExif), webp_lossless_chunk(image), {"EXIF", Bytes(3000)}});
  EXPECT_NO_THROW(decode_image(bytes, {.max_metadata = 3000}));
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_metadata = 2999}); }), ErrorCode::image_too_large);
}

TEST(Webp, ToleratesBytesAfterItsEnd) {
  Bytes bytes = our_webp(wavy_image({12, 10}, PixelFormat::rgb8), 80);
  bytes.insert(bytes.end(), 100, 0);
  EXPECT_NO_THROW(decode_image(bytes));
}

}  // namespace
}  // namespace vitrine
