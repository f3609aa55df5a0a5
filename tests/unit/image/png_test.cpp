#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

using ::testing::HasSubstr;
using std::string_view_literals::operator""sv;

constexpr int kGray = 0;
constexpr int kRgb = 2;
constexpr int kPalette = 3;
constexpr int kGrayAlpha = 4;
constexpr int kRgba = 6;

Bytes our_png(const Image& image, Effort effort = Effort::fast) {
  return encode_image(image, {.format = FileFormat::png, .effort = effort});
}

class PngOf : public ::testing::TestWithParam<PixelFormat> {};

TEST_P(PngOf, KeepsEverySample) {
  const Image image = noise_image({37, 23}, GetParam(), 5);
  EXPECT_EQ(largest_difference(decode_image(our_png(image)), image), 0);
  EXPECT_EQ(largest_difference(decode_image(our_png(image, Effort::small)), image), 0);
}

INSTANTIATE_TEST_SUITE_P(EachFormat, PngOf,
                         ::testing::Values(PixelFormat::gray8, PixelFormat::rgb8, PixelFormat::rgba8));

TEST(Png, StoresOpaqueRgbaWithoutAlpha) {
  const Image image = plain_image({9, 7}, PixelFormat::rgba8, {1, 2, 3, 255});
  const Image back = decode_image(our_png(image));
  EXPECT_EQ(back.format(), PixelFormat::rgb8);
  EXPECT_EQ(pixel(back, 8, 6), (std::array{1, 2, 3, 0}));
}

TEST(Png, IsSmallerWithMoreEffort) {
  const Image image = wavy_image({300, 200}, PixelFormat::rgb8);
  EXPECT_LT(our_png(image, Effort::small).size(), our_png(image).size());
}

TEST(Png, IsTaggedAsSrgb) {
  const Bytes bytes = our_png(wavy_image({9, 7}, PixelFormat::rgb8));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_THAT(std::string(text), HasSubstr("sRGB"));
}

TEST(Png, RoundsSixteenBitsToTheNearestOfEight) {
  // 257 is one level of eight bits: 128 is below the half of one, 129 above.
  const Bytes samples{0x00, 0x80, 0x00, 0x81, 0x01, 0x01, 0x7F, 0xFF, 0xFF, 0x7E, 0xFF, 0xFF};
  const Image image =
      decode_image(encode(PngFile{.size = {6, 1}, .bits = 16, .color_type = kGray, .samples = samples}));
  EXPECT_EQ(image.format(), PixelFormat::gray8);
  EXPECT_EQ(Bytes(image.row(0), image.row(0) + 6), (Bytes{0, 1, 1, 127, 254, 255}));
}

TEST(Png, ReadsSixteenBitColourWithAlpha) {
  const Bytes samples{0xFF, 0xFF, 0x80, 0x80, 0x00, 0x00, 0x40, 0x40};
  const Image image =
      decode_image(encode(PngFile{.size = {1, 1}, .bits = 16, .color_type = kRgba, .samples = samples}));
  EXPECT_EQ(pixel(image, 0, 0), (std::array{255, 128, 0, 64}));
}

TEST(Png, ExpandsGrayAndAlphaToRgba) {
  const Image image = decode_image(encode(PngFile{.size = {1, 1}, .color_type = kGrayAlpha, .samples = {77, 128}}));
  EXPECT_EQ(image.format(), PixelFormat::rgba8);
  EXPECT_EQ(pixel(image, 0, 0), (std::array{77, 77, 77, 128}));
}

TEST(Png, ExpandsFewBitsOfGrayOverTheWholeRange) {
  const Image two =
      decode_image(encode(PngFile{.size = {4, 1}, .bits = 2, .color_type = kGray, .samples = {0b00011011}}));
  EXPECT_EQ(Bytes(two.row(0), two.row(0) + 4), (Bytes{0, 85, 170, 255}));
  const Image one =
      decode_image(encode(PngFile{.size = {3, 1}, .bits = 1, .color_type = kGray, .samples = {0b10100000}}));
  EXPECT_EQ(Bytes(one.row(0), one.row(0) + 3), (Bytes{255, 0, 255}));
}

TEST(Png, ExpandsAPalette) {
  const Image image = decode_image(encode(
      PngFile{.size = {2, 1}, .color_type = kPalette, .samples = {1, 0}, .palette = {10, 20, 30, 200, 100, 50}}));
  EXPECT_EQ(image.format(), PixelFormat::rgb8);
  EXPECT_EQ(pixel(image, 0, 0), (std::array{200, 100, 50, 0}));
}

TEST(Png, ExpandsATransparentPalette) {
  const Image image = decode_image(encode(PngFile{.size = {2, 1},
                                                  .color_type = kPalette,
                                                  .samples = {1, 0},
                                                  .palette = {10, 20, 30, 200, 100, 50},
                                                  .before_pixels = {{"tRNS", {99}}}}));
  EXPECT_EQ(pixel(image, 0, 0), (std::array{200, 100, 50, 255}));
  EXPECT_EQ(pixel(image, 1, 0), (std::array{10, 20, 30, 99}));
}

TEST(Png, MakesTheTransparentColourTransparent) {
  const Image image = decode_image(encode(PngFile{.size = {2, 1},
                                                  .color_type = kRgb,
                                                  .samples = {1, 2, 3, 4, 5, 6},
                                                  .before_pixels = {{"tRNS", {0, 4, 0, 5, 0, 6}}}}));
  EXPECT_EQ(pixel(image, 0, 0), (std::array{1, 2, 3, 255}));
  EXPECT_EQ(pixel(image, 1, 0), (std::array{4, 5, 6, 0}));
}

TEST(Png, MakesTheTransparentGrayTransparent) {
  const Image image = decode_image(
      encode(PngFile{.size = {2, 1}, .color_type = kGray, .samples = {9, 8}, .before_pixels = {{"tRNS", {0, 8}}}}));
  EXPECT_EQ(pixel(image, 0, 0), (std::array{9, 9, 9, 255}));
  EXPECT_EQ(pixel(image, 1, 0), (std::array{8, 8, 8, 0}));
}

TEST(Png, ReadsInterlacedFiles) {
  const Image image = noise_image({13, 11}, PixelFormat::rgba8, 8);
  const Bytes bytes =
      encode(PngFile{.size = image.size(), .color_type = kRgba, .samples = samples_of(image), .interlaced = true});
  EXPECT_EQ(largest_difference(decode_image(bytes), image), 0);
}

TEST(Png, ShowsTheDefaultImageOfAnAnimation) {
  const Image image = noise_image({4, 4}, PixelFormat::rgb8, 8);
  const Bytes bytes = encode(PngFile{
      .size = image.size(), .samples = samples_of(image), .before_pixels = {{"acTL", {0, 0, 0, 2, 0, 0, 0, 0}}}});
  EXPECT_TRUE(probe_image(bytes).animated);
  EXPECT_EQ(largest_difference(decode_image(bytes), image), 0);
}

TEST(Png, IsProbedForWhatItStores) {
  const ImageInfo info = probe_image(encode(PngFile{
      .size = {2, 1}, .bits = 16, .color_type = kGray, .samples = {0, 9, 0, 8}, .before_pixels = {{"tRNS", {0, 8}}}}));
  EXPECT_EQ(info.format, FileFormat::png);
  EXPECT_EQ(info.bits, 16);
  EXPECT_TRUE(info.alpha);
  EXPECT_FALSE(info.animated);
  EXPECT_FALSE(info.icc);
  EXPECT_EQ(info.orientation, 1);
}

TEST(Png, RefusesAWrongChecksumInAnyChunk) {
  const Image image = wavy_image({24, 17}, PixelFormat::rgb8);
  Bytes bytes = encode(PngFile{
      .size = image.size(), .samples = samples_of(image), .before_pixels = {{"tEXt", bytes_of("Title\0Lake"sv)}}});
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  bytes[text.find("Lake")] = 'C';
  EXPECT_EQ(code_of([&] { decode_image(bytes); }), ErrorCode::invalid_image);
}

TEST(Png, NeverUnpacksText) {
  // 64 MB of spaces in a few kB. The limit holds for what is kept, and nothing of it is.
  Bytes text = bytes_of("Comment\0\0"sv);
  const Bytes packed = deflated(Bytes(64U << 20U, ' '));
  text.insert(text.end(), packed.begin(), packed.end());
  const Image image = wavy_image({24, 17}, PixelFormat::rgb8);
  const Bytes bytes =
      encode(PngFile{.size = image.size(), .samples = samples_of(image), .before_pixels = {{"zTXt", text}}});
  EXPECT_EQ(largest_difference(decode_image(bytes), image), 0);
}

TEST(Png, RefusesAProfileThatUnpacksPastTheLimit) {
  Bytes profile(1U << 20U);
  profile[1] = 0x10;  // its length, big-endian
  const Image image = wavy_image({24, 17}, PixelFormat::rgb8);
  const Bytes bytes = encode(
      PngFile{.size = image.size(), .samples = samples_of(image), .before_pixels = {{"iCCP", iccp_data(profile)}}});
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_metadata = 100'000}); }), ErrorCode::image_too_large);
}

TEST(Png, RefusesMoreMetadataThanTheLimit) {
  const Image image = wavy_image({24, 17}, PixelFormat::rgb8);
  const Bytes bytes =
      encode(PngFile{.size = image.size(), .samples = samples_of(image), .before_pixels = {{"eXIf", Bytes(3000)}}});
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_metadata = 2999}); }), ErrorCode::image_too_large);
}

TEST(Png, RefusesASizeOfZero) {
  Bytes bytes = our_png(wavy_image({24, 17}, PixelFormat::rgb8));
  bytes[19] = 0;
  EXPECT_EQ(code_of([&] { decode_image(bytes); }), ErrorCode::invalid_image);
  EXPECT_THAT(message_of([&] { decode_image(bytes); }), HasSubstr("0 x 17"));
}

}  // namespace
}  // namespace vitrine
