#include <cstdio>

// libjpeg's header needs FILE and size_t before it.
#include <jpeglib.h>

#include <cstdlib>
#include <new>

#include "image/escape.h"
#include "image/icc.h"
#include "image/jpeg.h"

namespace vitrine {
namespace {

struct Trouble {
  jpeg_error_mgr manager;  // first: libjpeg's pointer to it is a pointer to this
  Escape escape;
};

class JpegWriter {
 public:
  JpegWriter() {
    codec_.err = jpeg_std_error(&trouble_.manager);
    trouble_.manager.error_exit = [](j_common_ptr codec) { reinterpret_cast<Trouble*>(codec->err)->escape.leave(""); };
    trouble_.manager.emit_message = [](j_common_ptr, int) {};
    run([&] {
      jpeg_create_compress(&codec_);
      jpeg_mem_dest(&codec_, &buffer_, &size_);
    });
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&codec_);
    std::free(buffer_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  jpeg_compress_struct& codec() { return codec_; }
  Bytes bytes() const { return {buffer_, buffer_ + size_}; }

  // See completes() for what `step` may hold. Writing to memory fails only when there is none.
  template <typename Step>
  void run(const Step& step) {
    if (completes(trouble_.escape, step)) return;
    // Here too: no destructor runs if this throws out of the constructor.
    jpeg_destroy_compress(&codec_);
    throw std::bad_alloc();
  }

 private:
  jpeg_compress_struct codec_{};
  Trouble trouble_{};
  unsigned char* buffer_ = nullptr;
  unsigned long size_ = 0;
};

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
  jpeg_set_quality(&codec, options.quality, TRUE);
  codec.optimize_coding = TRUE;
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
  return writer.bytes();
}

}  // namespace vitrine
