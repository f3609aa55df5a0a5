#include "image/jpeg_writer.h"

#include <cstdlib>
#include <new>

namespace vitrine {

JpegWriter::JpegWriter() {
  codec_.err = jpeg_std_error(&trouble_.manager);
  trouble_.manager.error_exit = [](j_common_ptr codec) {
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    reinterpret_cast<Trouble*>(codec->err)->escape.leave(text);
  };
  trouble_.manager.emit_message = [](j_common_ptr, int) {};
  run([&] {
    jpeg_create_compress(&codec_);
    jpeg_mem_dest(&codec_, &buffer_, &size_);
  });
}

JpegWriter::~JpegWriter() {
  jpeg_destroy_compress(&codec_);
  std::free(buffer_);
}

void JpegWriter::give_up() {
  // Here too: no destructor runs if this throws out of the constructor.
  jpeg_destroy_compress(&codec_);
  throw std::bad_alloc();
}

}  // namespace vitrine
