#include "image/icc.h"
#include "image/jpeg.h"
#include "image/jpeg_writer.h"

namespace vitrine {
namespace {

void set_input(jpeg_compress_struct& codec, ImageView image) {
  codec.image_width = static_cast<JDIMENSION>(image.width());
  codec.image_height = static_cast<JDIMENSION>(image.height());
  codec.input_components = bytes_per_pixel(image.format);
  switch (image.format) {
    case PixelFormat::gray8:
      codec.in_color_space = JCS_GRAYSCALE;
      break;
    case PixelFormat::rgba8:
      codec.in_color_space = JCS_EXT_RGBX;
      break;
    default:
      codec.in_color_space = JCS_RGB;
      break;
  }
}

void set_parameters(jpeg_compress_struct& codec, const EncodeOptions& options) {
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, options.quality.value_or(kDefaultQuality), TRUE);
  codec.optimize_coding = options.effort == Effort::small ? TRUE : FALSE;
  codec.dct_method = JDCT_ISLOW;
  const int sampling = options.chroma == ChromaSampling::yuv420 && codec.num_components == 3 ? 2 : 1;
  codec.comp_info[0].h_samp_factor = sampling;
  codec.comp_info[0].v_samp_factor = sampling;
}

}  // namespace

Bytes encode_jpeg(ImageView image, const EncodeOptions& options) {
  const Bytes profile = srgb_profile(image.format);
  JpegWriter writer;
  jpeg_compress_struct& codec = writer.codec();
  writer.run([&] {
    set_input(codec, image);
    set_parameters(codec, options);
    jpeg_start_compress(&codec, TRUE);
    jpeg_write_icc_profile(&codec, profile.data(), static_cast<unsigned>(profile.size()));
    while (codec.next_scanline < codec.image_height) {
      auto* row = const_cast<JSAMPROW>(image.row(static_cast<int>(codec.next_scanline)));
      jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
  });
  const ByteView written = writer.written();
  return {written.begin(), written.end()};
}

}  // namespace vitrine
