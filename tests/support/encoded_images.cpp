#include "support/encoded_images.h"

#include <cstdio>

// libjpeg's header needs FILE before it.
#include <jpeglib.h>

#include <png.h>
#include <webp/encode.h>
#include <zlib.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace vitrine {
namespace {

using std::string_view_literals::operator""sv;

void append(Bytes& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

void append_little(Bytes& bytes, std::size_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
}

void append_number(Bytes& bytes, std::size_t value, int count, ByteOrder order) {
  for (int i = 0; i < count; ++i) {
    const int place = order == ByteOrder::little ? i : count - 1 - i;
    bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(place))));
  }
}

void append_chunk(Bytes& bytes, const NamedChunk& chunk) {
  append(bytes, chunk.type);
  append_little(bytes, chunk.data.size(), 4);
  bytes.insert(bytes.end(), chunk.data.begin(), chunk.data.end());
  if (chunk.data.size() % 2 != 0) bytes.push_back(0);
}

J_COLOR_SPACE space_of(JpegColor color) {
  switch (color) {
    case JpegColor::gray:
      return JCS_GRAYSCALE;
    case JpegColor::ycc:
      return JCS_YCbCr;
    case JpegColor::cmyk:
      return JCS_CMYK;
    case JpegColor::ycck:
      return JCS_YCCK;
  }
  return JCS_UNKNOWN;
}

void set_jpeg_input(jpeg_compress_struct& codec, const JpegFile& file) {
  const bool inks = file.color == JpegColor::cmyk || file.color == JpegColor::ycck;
  codec.image_width = static_cast<JDIMENSION>(file.size.width);
  codec.image_height = static_cast<JDIMENSION>(file.size.height);
  codec.input_components = file.color == JpegColor::gray ? 1 : inks ? 4 : 3;
  codec.in_color_space = file.color == JpegColor::gray ? JCS_GRAYSCALE : inks ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_colorspace(&codec, space_of(file.color));
  jpeg_set_quality(&codec, file.quality, TRUE);
  codec.comp_info[0].h_samp_factor = file.sampling.width;
  codec.comp_info[0].v_samp_factor = file.sampling.height;
  if (inks) codec.comp_info[3].h_samp_factor = codec.comp_info[3].v_samp_factor = 1;
  if (inks) codec.write_Adobe_marker = file.adobe == AdobeMarker::yes ? TRUE : FALSE;
  if (file.scans == Scans::progressive) jpeg_simple_progression(&codec);
}

}  // namespace

Bytes encode(const PngFile& file) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, std::size_t count) {
        auto& out = *static_cast<Bytes*>(png_get_io_ptr(p));
        out.insert(out.end(), data, data + count);
      },
      nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(file.size.width), static_cast<png_uint_32>(file.size.height),
               file.bits, file.color_type, file.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!file.palette.empty())
    png_set_PLTE(png, info, reinterpret_cast<png_const_colorp>(file.palette.data()),
                 static_cast<int>(file.palette.size() / 3));
  png_write_info(png, info);
  for (const NamedChunk& chunk : file.before_pixels)
    png_write_chunk(png, reinterpret_cast<png_const_bytep>(chunk.type.data()), chunk.data.data(), chunk.data.size());
  const std::size_t stride = png_get_rowbytes(png, info);
  if (file.samples.size() != stride * static_cast<std::size_t>(file.size.height))
    throw std::logic_error("the samples of the PNG do not fill its rows");
  std::vector<png_bytep> rows;
  for (std::size_t y = 0; y < static_cast<std::size_t>(file.size.height); ++y)
    rows.push_back(const_cast<png_bytep>(file.samples.data()) + y * stride);
  png_write_image(png, rows.data());
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes encode(const JpegFile& file) {
  jpeg_compress_struct codec{};
  jpeg_error_mgr errors{};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &buffer, &size);
  set_jpeg_input(codec, file);
  jpeg_start_compress(&codec, TRUE);
  if (!file.exif.empty())
    jpeg_write_marker(&codec, JPEG_APP0 + 1, file.exif.data(), static_cast<unsigned>(file.exif.size()));
  if (!file.profile.empty())
    jpeg_write_icc_profile(&codec, file.profile.data(), static_cast<unsigned>(file.profile.size()));
  const std::size_t stride =
      static_cast<std::size_t>(file.size.width) * static_cast<std::size_t>(codec.input_components);
  while (codec.next_scanline < codec.image_height) {
    JSAMPROW row = const_cast<JSAMPROW>(file.samples.data()) + codec.next_scanline * stride;
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const Bytes bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

Bytes webp_container(const std::vector<NamedChunk>& chunks) {
  Bytes body;
  append(body, "WEBP");
  for (const NamedChunk& chunk : chunks) append_chunk(body, chunk);
  Bytes bytes;
  append_chunk(bytes, {"RIFF", body});
  return bytes;
}

NamedChunk webp_header(Size canvas, std::uint8_t flags) {
  Bytes data{flags, 0, 0, 0};
  append_little(data, static_cast<std::size_t>(canvas.width - 1), 3);
  append_little(data, static_cast<std::size_t>(canvas.height - 1), 3);
  return {"VP8X", data};
}

NamedChunk webp_lossless_chunk(const Image& image) {
  const Image rgba = convert(image, PixelFormat::rgba8);
  std::uint8_t* encoded = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGBA(rgba.row(0), rgba.width(), rgba.height(), static_cast<int>(rgba.view().stride), &encoded);
  if (size == 0) throw std::logic_error("libwebp did not encode the picture");
  // A simple file: "RIFF", size, "WEBP", "VP8L", size, data.
  const Bytes file(encoded, encoded + size);
  WebPFree(encoded);
  const std::size_t length = file[16] | std::size_t{file[17]} << 8U | std::size_t{file[18]} << 16U;
  const auto start = file.begin() + 20;
  return {"VP8L", Bytes(start, start + static_cast<std::ptrdiff_t>(length))};
}

NamedChunk webp_frame(const Image& image, int x, int y) {
  Bytes data;
  append_little(data, static_cast<std::size_t>(x / 2), 3);
  append_little(data, static_cast<std::size_t>(y / 2), 3);
  append_little(data, static_cast<std::size_t>(image.width() - 1), 3);
  append_little(data, static_cast<std::size_t>(image.height() - 1), 3);
  append_little(data, 100, 3);  // milliseconds
  data.push_back(0);
  append_chunk(data, webp_lossless_chunk(image));
  return {"ANMF", data};
}

Bytes exif_with_orientation(int orientation, ByteOrder order) {
  struct Entry {
    std::size_t tag;
    std::size_t value;
  };
  Bytes bytes;
  append(bytes, order == ByteOrder::little ? "II"sv : "MM"sv);
  append_number(bytes, 42, 2, order);
  append_number(bytes, 8, 4, order);
  append_number(bytes, 3, 2, order);
  for (const Entry entry : {Entry{0x0100, 7}, Entry{0x0101, 5}, Entry{0x0112, static_cast<std::size_t>(orientation)}}) {
    append_number(bytes, entry.tag, 2, order);
    append_number(bytes, 3, 2, order);  // SHORT
    append_number(bytes, 1, 4, order);
    append_number(bytes, entry.value, 2, order);
    append_number(bytes, 0, 2, order);
  }
  append_number(bytes, 0, 4, order);
  return bytes;
}

Bytes deflated(const Bytes& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  Bytes packed(size);
  if (compress(packed.data(), &size, bytes.data(), static_cast<uLong>(bytes.size())) != Z_OK)
    throw std::logic_error("zlib did not compress");
  packed.resize(size);
  return packed;
}

Bytes iccp_data(const Bytes& profile) {
  Bytes data;
  append(data, "test\0\0"sv);  // its name, and how it is packed
  const Bytes packed = deflated(profile);
  data.insert(data.end(), packed.begin(), packed.end());
  return data;
}

Bytes samples_of(const Image& image) {
  Bytes samples;
  const auto stride = static_cast<std::size_t>(image.width() * bytes_per_pixel(image.format()));
  for (int y = 0; y < image.height(); ++y) samples.insert(samples.end(), image.row(y), image.row(y) + stride);
  return samples;
}

}  // namespace vitrine
