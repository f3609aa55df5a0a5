#include "image/icc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/encoded_images.h"
#include "support/test_images.h"
#include "support/test_profiles.h"
#include "vitrine/base/log.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// Collects warnings for the life of a test.
class Warnings {
 public:
  Warnings() {
    set_log_sink([this](LogLevel, std::string_view, std::string_view message) { all.emplace_back(message); },
                 LogLevel::warning);
  }
  ~Warnings() { set_log_sink(nullptr); }
  std::vector<std::string> all;
};

Bytes png_with_profile(const Image& image, const Bytes& profile) {
  const int type = image.format() == PixelFormat::gray8 ? 0 : image.format() == PixelFormat::rgb8 ? 2 : 6;
  return encode(PngFile{.size = image.size(),
                        .color_type = type,
                        .samples = samples_of(image),
                        .before_pixels = {{"iCCP", iccp_data(profile)}}});
}

Bytes jpeg_with_profile(const Image& image, const Bytes& profile) {
  return encode(JpegFile{.size = image.size(),
                         .color = channels(image.format()) == 1 ? JpegColor::gray : JpegColor::ycc,
                         .samples = samples_of(image),
                         .quality = 100,
                         .profile = profile});
}

Bytes webp_with_profile(const Image& image, const Bytes& profile) {
  return webp_container({webp_header(image.size(), 0x30), {"ICCP", profile}, webp_lossless_chunk(image)});
}

void expect_near(const std::array<int, 4>& actual, const std::array<int, 4>& expected, int tolerance) {
  for (std::size_t c = 0; c < 4; ++c) EXPECT_NEAR(actual[c], expected[c], tolerance) << "channel " << c;
}

TEST(Icc, ConvertsAPng) {
  const Image image = plain_image({8, 8}, PixelFormat::rgb8, {200, 100, 50});
  expect_near(pixel(decode_image(png_with_profile(image, swapped_profile())), 4, 4), {50, 100, 200, 0}, 1);
}

TEST(Icc, ConvertsAJpeg) {
  const Image image = plain_image({16, 16}, PixelFormat::rgb8, {200, 100, 50});
  expect_near(pixel(decode_image(jpeg_with_profile(image, swapped_profile())), 8, 8), {50, 100, 200, 0}, 3);
}

TEST(Icc, ConvertsAWebp) {
  const Image image = plain_image({8, 8}, PixelFormat::rgba8, {200, 100, 50, 77});
  expect_near(pixel(decode_image(webp_with_profile(image, swapped_profile())), 4, 4), {50, 100, 200, 77}, 1);
}

TEST(Icc, LeavesAlphaAlone) {
  const Image image = wavy_image({64, 4}, PixelFormat::rgba8);
  const Image converted = decode_image(png_with_profile(image, swapped_profile()));
  for (int x = 0; x < 64; ++x) EXPECT_EQ(sample(converted, x, 2, 3), sample(image, x, 2, 3));
}

TEST(Icc, ConvertsDisplayP3ByItsPrimaries) {
  // Linear sRGB from linear P3, both D65: the product of their published primary matrices.
  const float r = linear_from_srgb8()[180];
  const float g = linear_from_srgb8()[120];
  const float b = linear_from_srgb8()[90];
  const std::array<int, 4> expected{srgb8_from_linear(1.22494F * r - 0.22494F * g),
                                    srgb8_from_linear(-0.04206F * r + 1.04206F * g),
                                    srgb8_from_linear(-0.01964F * r - 0.07864F * g + 1.09828F * b), 0};
  const Image image = plain_image({8, 8}, PixelFormat::rgb8, {180, 120, 90});
  expect_near(pixel(decode_image(png_with_profile(image, display_p3_profile())), 4, 4), expected, 1);
}

TEST(Icc, ConvertsGray) {
  const Image image = plain_image({16, 16}, PixelFormat::gray8, {55});
  const int expected = srgb8_from_linear(55 / 255.0F);
  EXPECT_EQ(decode_image(png_with_profile(image, linear_gray_profile())).format(), PixelFormat::gray8);
  EXPECT_NEAR(sample(decode_image(png_with_profile(image, linear_gray_profile())), 4, 4), expected, 1);
  EXPECT_NEAR(sample(decode_image(jpeg_with_profile(image, linear_gray_profile())), 4, 4), expected, 1);
}

TEST(Icc, ConvertsGrayOfAnRgbProfile) {
  const Image image = plain_image({16, 16}, PixelFormat::gray8, {55});
  EXPECT_NEAR(sample(decode_image(jpeg_with_profile(image, linear_rgb_profile())), 4, 4),
              srgb8_from_linear(55 / 255.0F), 1);
}

TEST(Icc, ConvertsGrayWithAlpha) {
  const Bytes bytes = encode(PngFile{.size = {1, 1},
                                     .color_type = 4,
                                     .samples = {55, 66},
                                     .before_pixels = {{"iCCP", iccp_data(linear_gray_profile())}}});
  const int gray = srgb8_from_linear(55 / 255.0F);
  expect_near(pixel(decode_image(bytes), 0, 0), {gray, gray, gray, 66}, 1);
}

TEST(Icc, ConvertsSixteenBitsBeforeItRounds) {
  // 0x0080 is nothing in 8 bits, but 6 levels of sRGB where samples are linear.
  const Bytes rgb{0x00, 0x80, 0x00, 0x80, 0x00, 0x80};
  const int expected = srgb8_from_linear(128 / 65535.0F);
  ASSERT_EQ(expected, 6);
  const Bytes colour = encode(PngFile{.size = {1, 1},
                                      .bits = 16,
                                      .color_type = 2,
                                      .samples = rgb,
                                      .before_pixels = {{"iCCP", iccp_data(linear_rgb_profile())}}});
  expect_near(pixel(decode_image(colour), 0, 0), {6, 6, 6, 0}, 1);
  const Bytes gray = encode(PngFile{.size = {1, 1},
                                    .bits = 16,
                                    .color_type = 0,
                                    .samples = {0x00, 0x80},
                                    .before_pixels = {{"iCCP", iccp_data(linear_gray_profile())}}});
  EXPECT_NEAR(sample(decode_image(gray), 0, 0), 6, 1);
}

TEST(Icc, ConvertsSixteenBitsWithAlpha) {
  const Bytes bytes = encode(PngFile{.size = {1, 1},
                                     .bits = 16,
                                     .color_type = 6,
                                     .samples = {0xC8, 0xC8, 0x64, 0x64, 0x32, 0x32, 0x80, 0x80},
                                     .interlaced = true,
                                     .before_pixels = {{"iCCP", iccp_data(swapped_profile())}}});
  expect_near(pixel(decode_image(bytes), 0, 0), {50, 100, 200, 128}, 1);
}

TEST(Icc, ConvertsSixteenBitsAsItDoesEight) {
  const Image image = noise_image({16, 16}, PixelFormat::rgb8, 6);
  Bytes doubled;  // v * 257 is the same share in 16 bits
  for (const std::uint8_t value : samples_of(image)) doubled.insert(doubled.end(), {value, value});
  const Bytes wide = encode(PngFile{.size = image.size(),
                                    .bits = 16,
                                    .color_type = 2,
                                    .samples = doubled,
                                    .before_pixels = {{"iCCP", iccp_data(display_p3_profile())}}});
  EXPECT_LE(largest_difference(decode_image(wide), decode_image(png_with_profile(image, display_p3_profile()))), 1);
}

TEST(Icc, ConvertsInks) {
  // In this profile only black prints: full cyan is white, half black is the grey of lightness 50.
  Bytes samples;
  for (int i = 0; i < 16 * 16; ++i) samples.insert(samples.end(), {0, 255, 255, 127});  // inverted, as Adobe stores it
  const Bytes bytes = encode(JpegFile{.size = {16, 16},
                                      .color = JpegColor::cmyk,
                                      .samples = samples,
                                      .quality = 100,
                                      .profile = black_only_cmyk_profile()});
  expect_near(pixel(decode_image(bytes), 8, 8), {119, 119, 119, 0}, 3);
}

TEST(Icc, LeavesSrgbAloneWhateverItsBytes) {
  const Image image = noise_image({32, 32}, PixelFormat::rgb8, 4);
  EXPECT_EQ(largest_difference(decode_image(png_with_profile(image, other_srgb_profile())), image), 0);
  EXPECT_FALSE(ToSrgb::from(other_srgb_profile(), SampleLayout::rgb8));
  EXPECT_FALSE(ToSrgb::from(srgb_profile(PixelFormat::rgb8), SampleLayout::rgb16));
  EXPECT_FALSE(ToSrgb::from(srgb_profile(PixelFormat::gray8), SampleLayout::gray8));
  EXPECT_FALSE(ToSrgb::from(srgb_profile(PixelFormat::gray8), SampleLayout::rgba8));
}

TEST(Icc, IgnoresADamagedProfileWithAWarning) {
  const Image image = plain_image({16, 16}, PixelFormat::rgb8, {200, 100, 50});
  const Bytes garbage(500, 0x5A);
  for (const Bytes& bytes :
       {png_with_profile(image, garbage), jpeg_with_profile(image, garbage), webp_with_profile(image, garbage)}) {
    Warnings warnings;
    expect_near(pixel(decode_image(bytes), 8, 8), {200, 100, 50, 0},
                255 * (channels(decode_image(bytes).format()) - 3) + 2);
    EXPECT_FALSE(warnings.all.empty());
  }
}

TEST(Icc, IgnoresAProfileForAnotherKindOfImage) {
  Warnings warnings;
  const Image image = plain_image({16, 16}, PixelFormat::rgb8, {200, 100, 50});
  expect_near(pixel(decode_image(jpeg_with_profile(image, black_only_cmyk_profile())), 8, 8), {200, 100, 50, 0}, 2);
  ASSERT_EQ(warnings.all.size(), 1U);
  EXPECT_NE(warnings.all[0].find("another kind of image"), std::string::npos);
}

TEST(Icc, SurvivesAnyDamagedByteOfAProfile) {
  const Bytes whole = display_p3_profile();
  const Bytes row{10, 20, 30};
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes damaged = whole;
    damaged[at] ^= 0xFF;
    const auto to_srgb = ToSrgb::from(damaged, SampleLayout::rgb8);
    Bytes out(3);
    if (to_srgb) to_srgb->convert_row(row.data(), out.data(), 1);
  }
}

TEST(Icc, SurvivesAProfileCutOffAnywhere) {
  const Bytes whole = display_p3_profile();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_NO_THROW(ToSrgb::from(cut, SampleLayout::rgb8)) << length;
  }
}

TEST(Icc, WritesAProfileThatOthersTakeForSrgb) {
  const Image image = noise_image({32, 32}, PixelFormat::gray8, 4);
  EXPECT_EQ(largest_difference(decode_image(png_with_profile(image, srgb_profile(PixelFormat::gray8))), image), 0);
  EXPECT_EQ(srgb_profile(PixelFormat::rgb8), srgb_profile(PixelFormat::rgba8));
}

}  // namespace
}  // namespace vitrine
