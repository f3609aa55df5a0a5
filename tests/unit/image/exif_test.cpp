#include "image/exif.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/encoded_images.h"
#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

// Stored as "abc" over "def"; what each orientation shows, row by row.
const std::vector<std::vector<std::string>> kShown{
    {"abc", "def"},     {"cba", "fed"},     {"fed", "cba"},     {"def", "abc"},
    {"ad", "be", "cf"}, {"da", "eb", "fc"}, {"fc", "eb", "da"}, {"cf", "be", "ad"},
};

Bytes with_prefix(Bytes exif) {
  const Bytes prefix{'E', 'x', 'i', 'f', 0, 0};
  exif.insert(exif.begin(), prefix.begin(), prefix.end());
  return exif;
}

std::vector<std::string> letters_of(const Image& image) {
  std::vector<std::string> rows;
  for (int y = 0; y < image.height(); ++y) {
    rows.emplace_back();
    for (int x = 0; x < image.width(); ++x) rows.back() += static_cast<char>(sample(image, x, y));
  }
  return rows;
}

class Orientation : public ::testing::TestWithParam<int> {};

TEST_P(Orientation, IsReadInBothByteOrders) {
  EXPECT_EQ(exif_orientation(exif_with_orientation(GetParam(), ByteOrder::little)), GetParam());
  EXPECT_EQ(exif_orientation(exif_with_orientation(GetParam(), ByteOrder::big)), GetParam());
  EXPECT_EQ(exif_orientation(with_prefix(exif_with_orientation(GetParam(), ByteOrder::big))), GetParam());
}

TEST_P(Orientation, TurnsAGrayPng) {
  const Bytes bytes = encode(PngFile{.size = {3, 2},
                                     .color_type = 0,
                                     .samples = {'a', 'b', 'c', 'd', 'e', 'f'},
                                     .before_pixels = {{"eXIf", exif_with_orientation(GetParam(), ByteOrder::big)}}});
  EXPECT_EQ(letters_of(decode_image(bytes)), kShown[static_cast<std::size_t>(GetParam() - 1)]);
}

TEST_P(Orientation, TurnsAWebp) {
  Image stored({3, 2}, PixelFormat::rgba8);
  const MutableImageView view = stored.edit();
  for (int i = 0; i < 6; ++i)
    view.row(i / 3)[4 * (i % 3)] = static_cast<std::uint8_t>('a' + i), view.row(i / 3)[4 * (i % 3) + 3] = 200;
  const Bytes bytes = webp_container({webp_header({3, 2}, 0x18),
                                      webp_lossless_chunk(stored),
                                      {"EXIF", exif_with_orientation(GetParam(), ByteOrder::little)}});
  EXPECT_EQ(letters_of(decode_image(bytes)), kShown[static_cast<std::size_t>(GetParam() - 1)]);
}

TEST_P(Orientation, TurnsAJpeg) {
  // Each letter is a block of 16 x 16 pixels, so that compression leaves its middle alone.
  Image stored({48, 32}, PixelFormat::rgb8);
  const MutableImageView view = stored.edit();
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 48; ++x)
      for (int c = 0; c < 3; ++c) view.row(y)[3 * x + c] = static_cast<std::uint8_t>(20 + 40 * (x / 16 + 3 * (y / 16)));
  const Image shown =
      decode_image(encode(JpegFile{.size = stored.size(),
                                   .samples = samples_of(stored),
                                   .quality = 100,
                                   .exif = with_prefix(exif_with_orientation(GetParam(), ByteOrder::little))}));
  const auto& letters = kShown[static_cast<std::size_t>(GetParam() - 1)];
  ASSERT_EQ(shown.size(), (Size{static_cast<int>(letters[0].size()) * 16, static_cast<int>(letters.size()) * 16}));
  for (std::size_t y = 0; y < letters.size(); ++y)
    for (std::size_t x = 0; x < letters[y].size(); ++x)
      EXPECT_NEAR(sample(shown, static_cast<int>(x) * 16 + 8, static_cast<int>(y) * 16 + 8),
                  20 + 40 * (letters[y][x] - 'a'), 3);
}

TEST_P(Orientation, IsInTheSizeThatAProbeTells) {
  const Bytes bytes = encode(PngFile{.size = {3, 2},
                                     .color_type = 0,
                                     .samples = {'a', 'b', 'c', 'd', 'e', 'f'},
                                     .before_pixels = {{"eXIf", exif_with_orientation(GetParam(), ByteOrder::big)}}});
  EXPECT_EQ(probe_image(bytes).orientation, GetParam());
  EXPECT_EQ(probe_image(bytes).size, decode_image(bytes).size());
}

INSTANTIATE_TEST_SUITE_P(OneToEight, Orientation, ::testing::Range(1, 9));

TEST(Exif, TurnsPicturesLargerThanATile) {
  const Image stored = noise_image({70, 45}, PixelFormat::rgb8, 9);
  const Bytes bytes = encode(PngFile{.size = stored.size(),
                                     .samples = samples_of(stored),
                                     .before_pixels = {{"eXIf", exif_with_orientation(6, ByteOrder::big)}}});
  const Image shown = decode_image(bytes);
  for (int y = 0; y < shown.height(); ++y)
    for (int x = 0; x < shown.width(); ++x) ASSERT_EQ(pixel(shown, x, y), pixel(stored, y, 44 - x));
}

TEST(Exif, MeansUprightWithoutSense) {
  EXPECT_EQ(exif_orientation({}), 1);
  EXPECT_EQ(exif_orientation(Bytes(64)), 1);
  EXPECT_EQ(exif_orientation(exif_with_orientation(0, ByteOrder::big)), 1);
  EXPECT_EQ(exif_orientation(exif_with_orientation(9, ByteOrder::big)), 1);
}

TEST(Exif, MeansUprightWhereverItIsCutOffBeforeItsValue) {
  const Bytes whole = exif_with_orientation(6, ByteOrder::little);
  constexpr std::size_t kEndOfValue = 8 + 2 + 2 * 12 + 10;
  for (std::size_t length = 0; length < kEndOfValue; ++length)
    EXPECT_EQ(exif_orientation(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))), 1) << length;
}

TEST(Exif, SurvivesADirectoryFarOutside) {
  Bytes exif = exif_with_orientation(6, ByteOrder::big);
  exif[4] = exif[5] = exif[6] = exif[7] = 0xFF;
  EXPECT_EQ(exif_orientation(exif), 1);
}

}  // namespace
}  // namespace vitrine
