#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

Bytes our_jpeg(const Image& image, int quality = 95, ChromaSampling chroma = ChromaSampling::yuv444) {
  return encode_image(image, {.format = FileFormat::jpeg, .quality = quality, .chroma = chroma});
}

// A file of one colour; `stored` is what the file holds, inverted inks for Adobe.
Bytes cmyk_jpeg(JpegColor color, AdobeMarker adobe, std::initializer_list<int> stored) {
  Bytes samples;
  for (int i = 0; i < 16 * 16; ++i)
    for (const int ink : stored) samples.push_back(static_cast<std::uint8_t>(ink));
  return encode(JpegFile{.size = {16, 16}, .color = color, .samples = samples, .quality = 100, .adobe = adobe});
}

bool is_near(std::array<int, 4> a, std::array<int, 4> b, int tolerance) {
  return std::equal(a.begin(), a.end(), b.begin(), [&](int x, int y) { return std::abs(x - y) <= tolerance; });
}

Bytes::const_iterator find(const Bytes& bytes, Bytes::const_iterator from, const Bytes& part) {
  return std::search(from, bytes.end(), part.begin(), part.end());
}

TEST(Jpeg, KeepsAPhotoWithinAFewLevels) {
  // Quality 95 quantises by at most 10 of 255 in the highest frequency; smooth waves lose far less.
  const Image image = wavy_image({97, 61}, PixelFormat::rgb8);
  EXPECT_LE(largest_difference(decode_image(our_jpeg(image)), image), 6);
}

TEST(Jpeg, StaysGray) {
  const Image image = wavy_image({97, 61}, PixelFormat::gray8);
  const Image back = decode_image(our_jpeg(image));
  EXPECT_EQ(back.format(), PixelFormat::gray8);
  EXPECT_LE(largest_difference(back, image), 4);
}

TEST(Jpeg, LaysTransparencyOnWhite) {
  const Image image = plain_image({16, 16}, PixelFormat::rgba8, {255, 0, 0, 0});
  EXPECT_TRUE(is_near(pixel(decode_image(our_jpeg(image)), 8, 8), {255, 255, 255, 0}, 1));
}

TEST(Jpeg, DropsAlphaThatIsOpaque) {
  const Image rgba = plain_image({16, 16}, PixelFormat::rgba8, {200, 100, 50, 255});
  EXPECT_TRUE(is_near(pixel(decode_image(our_jpeg(rgba)), 8, 8), {200, 100, 50, 0}, 2));
}

TEST(Jpeg, IsTaggedAsSrgb) {
  EXPECT_TRUE(probe_image(our_jpeg(wavy_image({16, 16}, PixelFormat::rgb8))).icc);
  EXPECT_TRUE(probe_image(our_jpeg(wavy_image({16, 16}, PixelFormat::gray8))).icc);
}

TEST(Jpeg, IsSmallerWithLessQualityOrLessColour) {
  const Image image = wavy_image({200, 200}, PixelFormat::rgb8);
  EXPECT_LT(our_jpeg(image, 50).size(), our_jpeg(image, 90).size());
  EXPECT_LT(our_jpeg(image, 90, ChromaSampling::yuv420).size(), our_jpeg(image, 90).size());
}

TEST(Jpeg, IsSmallerWithMoreEffortAndShowsTheSame) {
  const Image image = wavy_image({200, 200}, PixelFormat::rgb8);
  const Bytes fast = encode_image(image, {.format = FileFormat::jpeg});
  const Bytes small = encode_image(image, {.format = FileFormat::jpeg, .effort = Effort::small});
  EXPECT_LT(small.size(), fast.size());
  EXPECT_EQ(largest_difference(decode_image(small), decode_image(fast)), 0);
}

TEST(Jpeg, HasQuality85UnlessAskedOtherwise) {
  const Image image = wavy_image({64, 64}, PixelFormat::rgb8);
  EXPECT_EQ(encode_image(image, {.format = FileFormat::jpeg}), encode_image(image, {.format = FileFormat::jpeg, .quality = 85}));
}

TEST(Jpeg, FullChromaKeepsThinColouredLines) {
  Image image = plain_image({32, 32}, PixelFormat::rgb8, {255, 255, 255});
  const MutableImageView view = image.edit();
  for (int y = 0; y < 32; ++y) view.row(y)[3 * 15 + 1] = 0, view.row(y)[3 * 15 + 2] = 0;
  const auto error = [&](ChromaSampling chroma) {
    return largest_difference(decode_image(our_jpeg(image, 95, chroma)), image);
  };
  EXPECT_LT(error(ChromaSampling::yuv444), 12);
  EXPECT_GT(error(ChromaSampling::yuv420), 40);
}

TEST(Jpeg, DecodesProgressiveLikeBaseline) {
  const Image image = wavy_image({50, 40}, PixelFormat::rgb8);
  JpegFile file{.size = image.size(), .samples = samples_of(image)};
  const Image baseline = decode_image(encode(file));
  file.scans = Scans::progressive;
  EXPECT_EQ(largest_difference(decode_image(encode(file)), baseline), 0);
}

TEST(Jpeg, ReadsInvertedInksOfAdobe) {
  // Full cyan, nothing else.
  EXPECT_TRUE(is_near(pixel(decode_image(cmyk_jpeg(JpegColor::cmyk, AdobeMarker::yes, {0, 255, 255, 255})), 8, 8),
                      {0, 255, 255, 0}, 2));
}

TEST(Jpeg, ReadsPlainInksWithoutAdobe) {
  EXPECT_TRUE(is_near(pixel(decode_image(cmyk_jpeg(JpegColor::cmyk, AdobeMarker::no, {255, 0, 0, 0})), 8, 8),
                      {0, 255, 255, 0}, 2));
}

TEST(Jpeg, ReadsYcck) {
  // Half magenta under a fifth of black: (255, 127, 255) * 0.8.
  EXPECT_TRUE(is_near(pixel(decode_image(cmyk_jpeg(JpegColor::ycck, AdobeMarker::yes, {255, 127, 255, 204})), 8, 8),
                      {204, 102, 204, 0}, 3));
}

TEST(Jpeg, MakesBlackOfBlackInk) {
  EXPECT_TRUE(is_near(pixel(decode_image(cmyk_jpeg(JpegColor::cmyk, AdobeMarker::yes, {255, 255, 255, 0})), 8, 8),
                      {0, 0, 0, 0}, 1));
}

TEST(Jpeg, RefusesDamageInTheMiddleOfItsData) {
  const Image image = noise_image({64, 64}, PixelFormat::rgb8, 3);
  Bytes bytes = our_jpeg(image);
  // A marker where there should be pixels: libjpeg alone would fill up with grey and only warn.
  bytes[bytes.size() / 2] = 0xFF;
  bytes[bytes.size() / 2 + 1] = 0xD9;
  EXPECT_EQ(code_of([&] { decode_image(bytes); }), ErrorCode::invalid_image);
}

TEST(Jpeg, ToleratesBytesAfterItsEnd) {
  Bytes bytes = our_jpeg(wavy_image({16, 16}, PixelFormat::rgb8));
  bytes.insert(bytes.end(), 100, 0);
  EXPECT_NO_THROW(decode_image(bytes));
}

TEST(Jpeg, RefusesAScanBomb) {
  const Image image = wavy_image({16, 16}, PixelFormat::gray8);
  const Bytes whole = encode(JpegFile{
      .size = image.size(), .color = JpegColor::gray, .samples = samples_of(image), .scans = Scans::progressive});
  // The first scan, up to the tables of the second, a thousand times.
  const auto scan = find(whole, whole.begin(), {0xFF, 0xDA});
  const auto next = find(whole, scan, {0xFF, 0xC4});
  Bytes bomb(whole.begin(), next);
  for (int i = 0; i < 1000; ++i) bomb.insert(bomb.end(), scan, next);
  bomb.insert(bomb.end(), next, whole.end());
  EXPECT_THAT(message_of([&] { decode_image(bomb); }), ::testing::HasSubstr("more than 500 scans"));
}

TEST(Jpeg, RefusesMoreMetadataThanTheLimit) {
  const Image image = wavy_image({16, 16}, PixelFormat::rgb8);
  Bytes exif(3000);
  std::copy_n("Exif\0\0", 6, exif.begin());
  const Bytes bytes = encode(JpegFile{.size = image.size(), .samples = samples_of(image), .exif = exif});
  EXPECT_NO_THROW(decode_image(bytes, {.max_metadata = 3000}));
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_metadata = 2999}); }), ErrorCode::image_too_large);
}

TEST(Jpeg, ReducesAsItWillBeShown) {
  const Image image = wavy_image({400, 200}, PixelFormat::rgb8);
  Bytes exif = exif_with_orientation(6, ByteOrder::big);
  const Bytes prefix{'E', 'x', 'i', 'f', 0, 0};
  exif.insert(exif.begin(), prefix.begin(), prefix.end());
  const Bytes bytes = encode(JpegFile{.size = image.size(), .samples = samples_of(image), .exif = exif});
  // 200 x 400 as shown: a half is needed for 101 pixels of height 201, a quarter would do for the stored order.
  EXPECT_EQ(decode_image(bytes, {.at_least = Size{50, 100}}).size(), (Size{50, 100}));
  EXPECT_EQ(decode_image(bytes, {.at_least = Size{50, 101}}).size(), (Size{100, 200}));
}

}  // namespace
}  // namespace vitrine
