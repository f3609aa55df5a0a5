#include <memory>
#include <optional>
#include <utility>

#include "image/decode_limits.h"
#include "image/icc.h"
#include "image/jpeg.h"
#include "image/jpeg_reader.h"
#include "image/reduce.h"

namespace vitrine {
namespace {

bool is_cmyk(const jpeg_decompress_struct& codec) {
  return codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
}

// Without a profile nobody knows the inks; this is what most viewers show.
void plain_rgb_from_cmyk(const std::uint8_t* cmyk, std::uint8_t* rgb, int width) {
  for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3)
    for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(((255 - cmyk[c]) * (255 - cmyk[3]) + 127) / 255);
}

SampleLayout layout_of(const jpeg_decompress_struct& codec) {
  if (is_cmyk(codec)) return SampleLayout::cmyk8;
  return codec.jpeg_color_space == JCS_GRAYSCALE ? SampleLayout::gray8 : SampleLayout::rgb8;
}

void set_output(jpeg_decompress_struct& codec, int factor) {
  codec.scale_num = 1;
  codec.scale_denom = static_cast<unsigned>(factor);
  codec.dct_method = JDCT_ISLOW;
  switch (layout_of(codec)) {
    case SampleLayout::cmyk8:
      codec.out_color_space = JCS_CMYK;
      break;
    case SampleLayout::gray8:
      codec.out_color_space = JCS_GRAYSCALE;
      break;
    default:
      codec.out_color_space = JCS_RGB;
      break;
  }
}

void read_rows(JpegReader& reader, const MutableImageView& target, const ToSrgb* to_srgb) {
  jpeg_decompress_struct& codec = reader.codec();
  reader.run([&] {
    while (codec.output_scanline < codec.output_height) {
      std::uint8_t* row = target.row(static_cast<int>(codec.output_scanline));
      jpeg_read_scanlines(&codec, &row, 1);
      if (to_srgb != nullptr) to_srgb->convert_row(row, row, target.size.width);
    }
    jpeg_finish_decompress(&codec);
  });
}

void read_cmyk_rows(JpegReader& reader, const MutableImageView& target, const ToSrgb* to_srgb) {
  jpeg_decompress_struct& codec = reader.codec();
  Bytes inks(static_cast<std::size_t>(target.size.width) * 4);
  const bool inverted = codec.saw_Adobe_marker != FALSE;  // Adobe stores 255 for no ink
  reader.run([&] {
    while (codec.output_scanline < codec.output_height) {
      std::uint8_t* out = target.row(static_cast<int>(codec.output_scanline));
      std::uint8_t* row = inks.data();
      jpeg_read_scanlines(&codec, &row, 1);
      if (inverted)
        for (std::uint8_t& ink : inks) ink = static_cast<std::uint8_t>(255 - ink);
      if (to_srgb != nullptr)
        to_srgb->convert_row(row, out, target.size.width);
      else
        plain_rgb_from_cmyk(row, out, target.size.width);
    }
    jpeg_finish_decompress(&codec);
  });
}

// An image to decode into: of its own, or in memory of the pool.
class DecodedPixels {
 public:
  DecodedPixels(Size size, PixelFormat format, const DecodeOptions& options) {
    if (!options.pool) {
      image_ = Image(size, format);
      view_ = image_.edit();
      return;
    }
    const std::ptrdiff_t stride = std::ptrdiff_t{size.width} * bytes_per_pixel(format);
    memory_ = options.pool->take(static_cast<std::size_t>(stride) * static_cast<std::size_t>(size.height));
    view_ = {memory_.get(), size, format, stride};
  }

  const MutableImageView& view() const { return view_; }
  Image finished() { return memory_ ? Image::sharing(view_, std::move(memory_)) : std::move(image_); }

 private:
  Image image_;
  std::shared_ptr<std::uint8_t> memory_;
  MutableImageView view_;
};

}  // namespace

ImageInfo probe_jpeg(ByteView bytes, const DecodeOptions& options) {
  JpegReader reader(bytes);
  const jpeg_decompress_struct& codec = reader.codec();
  require_metadata_within(reader.metadata(), options);
  ImageInfo info;
  info.format = FileFormat::jpeg;
  info.size = {static_cast<int>(codec.image_width), static_cast<int>(codec.image_height)};
  info.bits = codec.data_precision;
  info.orientation = reader.orientation();
  info.icc = !reader.profile().empty();
  return info;
}

Image decode_jpeg(ByteView bytes, const ImageInfo& info, const DecodeOptions& options) {
  JpegReader reader(bytes);
  jpeg_decompress_struct& codec = reader.codec();
  const Bytes profile = reader.profile();
  std::optional<ToSrgb> to_srgb;
  if (!profile.empty()) to_srgb = ToSrgb::from(profile, layout_of(codec));
  set_output(codec, reduction_for(info.size, info.orientation, options.at_least));
  reader.run([&] { jpeg_start_decompress(&codec); });

  const bool gray = codec.out_color_space == JCS_GRAYSCALE;
  const PixelFormat format = gray ? PixelFormat::gray8 : PixelFormat::rgb8;
  DecodedPixels pixels({static_cast<int>(codec.output_width), static_cast<int>(codec.output_height)}, format, options);
  const ToSrgb* conversion = to_srgb ? &*to_srgb : nullptr;
  if (is_cmyk(codec))
    read_cmyk_rows(reader, pixels.view(), conversion);
  else
    read_rows(reader, pixels.view(), conversion);
  return pixels.finished();
}

}  // namespace vitrine
