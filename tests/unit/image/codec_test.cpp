#include "vitrine/image/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/encoded_images.h"
#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "support/test_profiles.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using std::string_view_literals::operator""sv;

Bytes encoded(const Image& image, FileFormat format, int quality = 85) {
  return encode_image(image, {.format = format, .quality = quality});
}

TEST(FileFormat, IsKnownByItsFirstBytes) {
  const Image image = wavy_image({8, 8}, PixelFormat::rgb8);
  EXPECT_EQ(sniff_format(encoded(image, FileFormat::jpeg)), FileFormat::jpeg);
  EXPECT_EQ(sniff_format(encoded(image, FileFormat::png)), FileFormat::png);
  EXPECT_EQ(sniff_format(encoded(image, FileFormat::webp)), FileFormat::webp);
}

TEST(FileFormat, IsUnknownForOtherBytes) {
  EXPECT_FALSE(sniff_format({}));
  EXPECT_FALSE(sniff_format(bytes_of("RIFF\4\0\0\0WAVE"sv)));
}

TEST(FileFormat, IsNamedByTheSuffixInAnyCase) {
  EXPECT_EQ(format_of_suffix("a/b.JPG"), FileFormat::jpeg);
  EXPECT_EQ(format_of_suffix("b.jpe"), FileFormat::jpeg);
  EXPECT_EQ(format_of_suffix("b.jpeg"), FileFormat::jpeg);
  EXPECT_EQ(format_of_suffix("b.Png"), FileFormat::png);
  EXPECT_EQ(format_of_suffix("b.webp"), FileFormat::webp);
  EXPECT_FALSE(format_of_suffix("png"));
  EXPECT_FALSE(format_of_suffix("b.gif"));
}

TEST(FileFormat, HasNamesThatGoTogether) {
  EXPECT_EQ(name_of(FileFormat::webp), "webp");
  EXPECT_EQ(format_of_suffix("x" + std::string(suffix_of(FileFormat::jpeg))), FileFormat::jpeg);
  EXPECT_EQ(media_type_of(FileFormat::png), "image/png");
}

TEST(DecodeImage, SaysThatThereAreNoBytes) {
  EXPECT_EQ(code_of([] { decode_image({}); }), ErrorCode::invalid_image);
  EXPECT_THAT(message_of([] { decode_image({}); }), HasSubstr("0 bytes"));
}

TEST(DecodeImage, SaysThatTextIsNoImage) {
  const Bytes text = bytes_of("I am not a picture.");
  EXPECT_EQ(code_of([&] { decode_image(text); }), ErrorCode::invalid_image);
  EXPECT_THAT(message_of([&] { decode_image(text); }), HasSubstr("JPEG, PNG or WebP"));
}

struct Foreign {
  std::string_view start;
  std::string_view name;
};

class ForeignFormat : public ::testing::TestWithParam<Foreign> {};

TEST_P(ForeignFormat, IsNamedWithTheCure) {
  const Bytes bytes = bytes_of(GetParam().start);
  EXPECT_EQ(code_of([&] { decode_image(bytes); }), ErrorCode::invalid_image);
  EXPECT_EQ(message_of([&] { decode_image(bytes); }),
            "This is " + std::string(GetParam().name) + ", which cannot be read. Convert it to PNG or JPEG first.");
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignFormat,
    ::testing::Values(Foreign{"GIF89a\1\0\1\0"sv, "a GIF image"sv},
                      Foreign{"\0\0\0\x1C"
                              "ftypavif"sv,
                              "an AVIF image"sv},
                      Foreign{"\0\0\0\x18"
                              "ftypheic"sv,
                              "a HEIC image"sv},
                      Foreign{"\0\0\0\x18"
                              "ftypmp42"sv,
                              "a video"sv},
                      Foreign{"II*\0\10\0\0\0"sv, "a TIFF image"sv}, Foreign{"MM\0*\0\0\0\10"sv, "a TIFF image"sv},
                      Foreign{"%PDF-1.7\n"sv, "a PDF document"sv}, Foreign{"8BPS\0\1"sv, "a Photoshop document"sv},
                      Foreign{"BM6\0\0\0"sv, "a BMP image"sv}, Foreign{"<svg xmlns='x'>"sv, "an SVG drawing"sv},
                      Foreign{"\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- a -->\n<SVG>"sv, "an SVG drawing"sv},
                      Foreign{"<!DOCTYPE html><title>403</title>"sv, "a web page"sv}));

// A file of each kind that can end in its own way.
struct Sample {
  const char* name;
  std::function<Bytes()> make;
};

Image small_picture(PixelFormat format) { return wavy_image({24, 17}, format); }

Bytes small_jpeg(Scans scans) {
  return encode(JpegFile{.size = {24, 17}, .samples = samples_of(small_picture(PixelFormat::rgb8)), .scans = scans});
}

Bytes small_png(bool interlaced) {
  return encode(
      PngFile{.size = {24, 17}, .samples = samples_of(small_picture(PixelFormat::rgb8)), .interlaced = interlaced});
}

Bytes animated_webp() {
  const Image frame = small_picture(PixelFormat::rgba8);
  return webp_container(
      {webp_header({24, 17}, 0x12), {"ANIM", Bytes(6)}, webp_frame(frame, 0, 0), webp_frame(frame, 0, 0)});
}

const std::vector<Sample> kSamples{
    {"BaselineJpeg", [] { return small_jpeg(Scans::baseline); }},
    {"ProgressiveJpeg", [] { return small_jpeg(Scans::progressive); }},
    {"GrayJpeg", [] { return encoded(small_picture(PixelFormat::gray8), FileFormat::jpeg); }},
    {"PlainPng", [] { return small_png(false); }},
    {"InterlacedPng", [] { return small_png(true); }},
    {"OurPng", [] { return encoded(small_picture(PixelFormat::rgba8), FileFormat::png); }},
    {"LossyWebp", [] { return encoded(small_picture(PixelFormat::rgb8), FileFormat::webp); }},
    {"LossyWebpWithAlpha", [] { return encoded(small_picture(PixelFormat::rgba8), FileFormat::webp); }},
    {"LosslessWebp", [] { return encoded(small_picture(PixelFormat::rgba8), FileFormat::webp, 100); }},
    {"AnimatedWebp", animated_webp},
};

class EachKindOfFile : public ::testing::TestWithParam<Sample> {};

TEST_P(EachKindOfFile, DecodesWhole) { EXPECT_EQ(decode_image(GetParam().make()).size(), (Size{24, 17})); }

TEST_P(EachKindOfFile, IsRefusedWhereverItIsCutOff) {
  const Bytes whole = GetParam().make();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));  // so that ASan sees its end
    EXPECT_EQ(code_of([&] { decode_image(cut); }), ErrorCode::invalid_image)
        << "cut to " << length << " of " << whole.size() << " bytes";
  }
}

TEST_P(EachKindOfFile, SurvivesAnyDamagedByte) {
  const Bytes whole = GetParam().make();
  const DecodeOptions options{.max_pixels = 100'000};
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
      Bytes damaged = whole;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ flip);
      // An Error or a picture; anything else that is thrown fails the test.
      EXPECT_NO_THROW(code_of([&] { decode_image(damaged, options); })) << "byte " << at << " xor " << flip;
    }
}

TEST_P(EachKindOfFile, IsProbedWithoutDecoding) {
  const ImageInfo info = probe_image(GetParam().make());
  EXPECT_EQ(info.size, (Size{24, 17}));
}

INSTANTIATE_TEST_SUITE_P(All, EachKindOfFile, ::testing::ValuesIn(kSamples),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(DecodeImage, AllowsAsManyPixelsAsTheLimit) {
  const Bytes bytes = encoded(wavy_image({20, 10}, PixelFormat::rgb8), FileFormat::png);
  EXPECT_NO_THROW(decode_image(bytes, {.max_pixels = 200}));
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_pixels = 199}); }), ErrorCode::image_too_large);
}

TEST(DecodeImage, SaysHowManyPixelsAreTooManyInEachFormat) {
  const Image image = wavy_image({20, 10}, PixelFormat::rgb8);
  const std::string message =
      "The image has 200 pixels; the limit is 100. Scale it down or raise DecodeOptions::max_pixels.";
  EXPECT_EQ(message_of([&] { decode_image(encoded(image, FileFormat::jpeg), {.max_pixels = 100}); }), message);
  EXPECT_EQ(message_of([&] { decode_image(encoded(image, FileFormat::png), {.max_pixels = 100}); }), message);
  EXPECT_EQ(message_of([&] { decode_image(encoded(image, FileFormat::webp), {.max_pixels = 100}); }), message);
}

TEST(DecodeImage, RefusesAGiantByItsHeaderAlone) {
  // 60,000 x 60,000 pixels: the rest of the file is never looked at.
  Bytes giant = encoded(wavy_image({8, 8}, PixelFormat::rgb8), FileFormat::png);
  for (const std::size_t side : {16U, 20U})
    giant[side] = 0, giant[side + 1] = 0, giant[side + 2] = 0xEA, giant[side + 3] = 0x60;
  EXPECT_EQ(code_of([&] { decode_image(giant); }), ErrorCode::image_too_large);
  EXPECT_EQ(message_of([&] { decode_image(giant); }),
            "The image has 3,600.0 megapixels; the limit is 100. Scale it down or raise DecodeOptions::max_pixels.");
  EXPECT_EQ(probe_image(giant).size, (Size{60'000, 60'000}));
}

TEST(DecodeImage, RefusesMoreBytesThanTheLimit) {
  const Bytes bytes = encoded(wavy_image({20, 10}, PixelFormat::rgb8), FileFormat::png);
  EXPECT_NO_THROW(decode_image(bytes, {.max_bytes = bytes.size()}));
  EXPECT_EQ(code_of([&] { decode_image(bytes, {.max_bytes = bytes.size() - 1}); }), ErrorCode::image_too_large);
}

TEST(DecodeImage, ReducesByAPowerOfTwoDownToTheSizeAskedFor) {
  const Image image = wavy_image({400, 300}, PixelFormat::rgb8);
  for (const FileFormat format : {FileFormat::jpeg, FileFormat::png, FileFormat::webp}) {
    EXPECT_EQ(decode_image(encoded(image, format), {.at_least = Size{100, 75}}).size(), (Size{100, 75}));
    EXPECT_EQ(decode_image(encoded(image, format), {.at_least = Size{101, 75}}).size(), (Size{200, 150}));
    EXPECT_EQ(decode_image(encoded(image, format), {.at_least = Size{1, 1}}).size(), (Size{50, 38}));
    EXPECT_EQ(decode_image(encoded(image, format), {.at_least = Size{1000, 1000}}).size(), (Size{400, 300}));
  }
}

TEST(DecodeImage, ReducedShowsTheSamePicture) {
  const Image full = wavy_image({64, 48}, PixelFormat::rgb8);
  for (const FileFormat format : {FileFormat::jpeg, FileFormat::png}) {
    const Image half = decode_image(encoded(full, format, 100), {.at_least = Size{32, 24}});
    const int mean = (sample(full, 20, 10) + sample(full, 21, 10) + sample(full, 20, 11) + sample(full, 21, 11)) / 4;
    EXPECT_NEAR(sample(half, 10, 5), mean, 4) << name_of(format);
  }
}

TEST(DecodeImage, ReducesColourWeightedByAlpha) {
  // Left half opaque red, right half transparent green.
  Image image = plain_image({8, 8}, PixelFormat::rgba8, {200, 0, 0, 255});
  const MutableImageView view = image.edit();
  for (int y = 0; y < 8; ++y)
    for (int x = 1; x < 8; x += 2) view.row(y)[4 * x] = 0, view.row(y)[4 * x + 1] = 255, view.row(y)[4 * x + 3] = 0;
  const Image half = decode_image(encoded(image, FileFormat::png), {.at_least = Size{4, 4}});
  EXPECT_EQ(pixel(half, 1, 1), (std::array{200, 0, 0, 128}));
}

TEST(EncodeImage, ChoosesPngForTransparencyAndJpegOtherwise) {
  EXPECT_EQ(sniff_format(encode_image(plain_image({4, 4}, PixelFormat::rgba8, {1, 2, 3, 254}))), FileFormat::png);
  EXPECT_EQ(sniff_format(encode_image(plain_image({4, 4}, PixelFormat::rgba8, {1, 2, 3, 255}))), FileFormat::jpeg);
  EXPECT_EQ(sniff_format(encode_image(plain_image({4, 4}, PixelFormat::gray8, {7}))), FileFormat::jpeg);
}

TEST(EncodeImage, GivesTheSameBytesEachTime) {
  const Image image = wavy_image({40, 30}, PixelFormat::rgb8);
  for (const FileFormat format : {FileFormat::jpeg, FileFormat::png, FileFormat::webp})
    EXPECT_EQ(encoded(image, format), encoded(image, format)) << name_of(format);
}

TEST(EncodeImage, EncodesAViewOfAnyStride) {
  const Image image = wavy_image({40, 30}, PixelFormat::rgba8);
  const Image crop(image.view().crop({8, 4, 16, 12}));
  ImageView upside_down = image;
  upside_down.data = image.row(29);
  upside_down.stride = -image.view().stride;
  for (const FileFormat format : {FileFormat::png, FileFormat::webp}) {
    const EncodeOptions options{.format = format, .quality = 100};
    EXPECT_EQ(largest_difference(decode_image(encode_image(image.view().crop({8, 4, 16, 12}), options)), crop), 0);
    EXPECT_EQ(largest_difference(decode_image(encode_image(upside_down, options)), Image(upside_down)), 0);
  }
}

TEST(EncodeImage, RefusesMisuse) {
  EXPECT_THROW(encode_image(Image()), std::invalid_argument);
  EXPECT_THROW(encode_image(Image({4, 4}, PixelFormat::rgb_f32)), std::invalid_argument);
  const Image image({4, 4}, PixelFormat::rgb8);
  EXPECT_THROW(encode_image(image, {.quality = 0}), std::invalid_argument);
  EXPECT_THROW(encode_image(image, {.quality = 101}), std::invalid_argument);
  EXPECT_NO_THROW(encode_image(image, {.quality = 1}));
}

TEST(EncodeImage, RefusesSidesThatTheFormatCannotHold) {
  const Image image({65'501, 1}, PixelFormat::gray8);
  EXPECT_EQ(code_of([&] { encoded(image, FileFormat::jpeg); }), ErrorCode::image_too_large);
  EXPECT_EQ(code_of([&] { encoded(image, FileFormat::webp); }), ErrorCode::image_too_large);
  EXPECT_EQ(decode_image(encoded(image, FileFormat::png)).size(), image.size());
  EXPECT_THAT(message_of([&] { encoded(image, FileFormat::webp); }),
              HasSubstr("65501 pixels long; a WebP can have 16383"));
}

TEST(EncodeImage, ReachesTheLongestSideOfTheFormat) {
  EXPECT_EQ(decode_image(encoded(Image({65'500, 1}, PixelFormat::gray8), FileFormat::jpeg)).width(), 65'500);
  EXPECT_EQ(decode_image(encoded(Image({16'383, 1}, PixelFormat::rgb8), FileFormat::webp)).width(), 16'383);
}

TEST(Codec, WorksInManyThreadsAtOnce) {
  const Image image = wavy_image({60, 40}, PixelFormat::rgb8);
  std::vector<Bytes> files;
  for (const FileFormat format : {FileFormat::jpeg, FileFormat::png, FileFormat::webp})
    files.push_back(encoded(image, format));
  files.push_back(
      encode(JpegFile{.size = image.size(), .samples = samples_of(image), .profile = display_p3_profile()}));
  std::vector<Image> alone;
  for (const Bytes& file : files) alone.push_back(decode_image(file));

  std::array<int, 4> difference{};
  std::vector<std::thread> threads;
  for (int& largest : difference)
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < files.size(); ++i)
        largest = std::max(largest, largest_difference(decode_image(files[i]), alone[i]));
      if (encoded(image, FileFormat::jpeg) != files[0]) largest = 1000;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(difference, (std::array<int, 4>{}));
}

TEST(ReadImage, GoesByTheContentNotTheSuffix) {
  const TemporaryFolder folder;
  const Image image = wavy_image({20, 10}, PixelFormat::rgb8);
  write_file_atomically(folder / "lies.jpg", encoded(image, FileFormat::png));
  EXPECT_EQ(largest_difference(read_image(folder / "lies.jpg"), image), 0);
}

TEST(ReadImage, NamesTheFileInQuotes) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.gif", bytes_of("GIF89a"));
  EXPECT_EQ(message_of([&] { read_image(folder / "a.gif"); }),
            "'" + (folder / "a.gif").string() +
                "': This is a GIF image, which cannot be read. Convert it to PNG or JPEG first.");
}

TEST(ReadImage, SaysThatAFileIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { read_image(folder / "none.png"); }), ErrorCode::not_found);
}

TEST(ReadImage, SaysThatAPathIsAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { read_image(folder.path()); }), ErrorCode::invalid_image);
  EXPECT_THAT(message_of([&] { read_image(folder.path()); }), HasSubstr("is a folder"));
}

TEST(ReadImage, SaysThatItMayNotRead) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "secret.png", bytes_of("x"));
  ::chmod(folder.path().c_str(), 0755);
  ::chmod((folder / "secret.png").c_str(), 0000);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { read_image(folder / "secret.png"); }), ErrorCode::permission_denied);
}

TEST(ReadImage, RefusesALargeFileBeforeReadingIt) {
  const TemporaryFolder folder;
  std::ofstream(folder / "huge.png") << "x";
  std::filesystem::resize_file(folder / "huge.png", 1U << 30U);  // sparse
  EXPECT_EQ(code_of([&] { read_image(folder / "huge.png"); }), ErrorCode::image_too_large);
}

TEST(WriteImage, AsksTheSuffixFirst) {
  const TemporaryFolder folder;
  const Image image = wavy_image({20, 10}, PixelFormat::rgb8);
  EXPECT_EQ(write_image(folder / "a.webp", image), FileFormat::webp);
  EXPECT_EQ(write_image(folder / "a.PNG", image), FileFormat::png);
  EXPECT_EQ(sniff_format(read_file(folder / "a.PNG", 1'000'000)), FileFormat::png);
}

TEST(WriteImage, TakesTheFormatAskedForOverTheSuffix) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_image(folder / "a.png", wavy_image({20, 10}, PixelFormat::rgb8), {.format = FileFormat::jpeg}),
            FileFormat::jpeg);
  EXPECT_EQ(sniff_format(read_file(folder / "a.png", 1'000'000)), FileFormat::jpeg);
}

TEST(WriteImage, FallsBackOnTheContentWithoutASuffix) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_image(folder / "a", wavy_image({20, 10}, PixelFormat::rgba8)), FileFormat::png);
  EXPECT_EQ(write_image(folder / "b", wavy_image({20, 10}, PixelFormat::rgb8)), FileFormat::jpeg);
}

TEST(WriteImage, RefusesASuffixThatItCannotHonour) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_image(folder / "a.gif", wavy_image({20, 10}, PixelFormat::rgb8)), std::invalid_argument);
  EXPECT_EQ(folder.file_count(), 0U);
}

TEST(WriteImage, SaysThatItMayNotWrite) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0555);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] {
              write_image(folder / "a.png", wavy_image({20, 10}, PixelFormat::rgb8));
            }),
            ErrorCode::permission_denied);
}

TEST(WriteImage, SaysThatTheFolderIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] {
              write_image(folder / "no" / "a.png", wavy_image({20, 10}, PixelFormat::rgb8));
            }),
            ErrorCode::not_found);
}

TEST(WriteImage, LeavesNothingBehindWhenTheFileMayNotGrow) {
  const TemporaryFolder folder;
  const Image image = noise_image({100, 100}, PixelFormat::rgb8, 1);
  const std::string path = (folder / "a.png").string();
  const FileSizeLimit limit(4096);
  EXPECT_EQ(code_of([&] { write_image(path, image); }), ErrorCode::disk_full);
  EXPECT_THAT(message_of([&] { write_image(path, image); }), StartsWith("Could not write '" + path + "': "));
  EXPECT_EQ(folder.file_count(), 0U);
}

TEST(WriteImage, KeepsTheOldFileWhenTheDiskIsFull) {
  const TemporaryFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "mounting a small disk needs root: the test of a file that may not grow covers the rest";
  write_image(folder / "a.png", wavy_image({20, 10}, PixelFormat::rgb8));
  const Bytes before = read_file(folder / "a.png", 1'000'000);

  const auto code = code_of([&] { write_image(folder / "a.png", noise_image({400, 400}, PixelFormat::rgb8, 1)); });

  const Bytes after = read_file(folder / "a.png", 1'000'000);
  const std::size_t files = folder.file_count();
  ::umount(folder.path().c_str());
  EXPECT_EQ(code, ErrorCode::disk_full);
  EXPECT_EQ(after, before);
  EXPECT_EQ(files, 1U);
}

}  // namespace
}  // namespace vitrine
