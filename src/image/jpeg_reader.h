#pragma once

#include <cstdio>

// libjpeg's header needs FILE before it.
#include <jpeglib.h>

#include <string>

#include "image/escape.h"
#include "vitrine/base/bytes.h"

namespace vitrine {

/// libjpeg's decoder of one file in memory, its header read. It never returns half a picture: damage ends in an Error.
class JpegReader {
 public:
  /// Which markers are kept for asking: EXIF and ICC, or all that a copy of the file should have too.
  enum class Keep { colour, all };

  /// Borrows `bytes`. Throws Error invalid_image.
  explicit JpegReader(ByteView bytes, Keep keep = Keep::colour);
  ~JpegReader();
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  jpeg_decompress_struct& codec() { return codec_; }

  int orientation() const;       ///< EXIF value, 1 to 8.
  Bytes profile() const;         ///< The ICC profile; empty if there is none, or not all of it.
  std::size_t metadata() const;  ///< Bytes of the markers that were kept.

  /// Runs a step of libjpeg's; see completes() for what it may hold. Throws Error invalid_image if it fails.
  template <typename Step>
  void run(const Step& step) {
    if (!completes(trouble_.escape, step)) give_up();
  }

 private:
  struct Trouble {
    jpeg_error_mgr manager;  // first: libjpeg's pointer to it is a pointer to this
    Escape escape;
  };
  [[noreturn]] void give_up();
  [[noreturn]] static void leave_with_message(j_common_ptr codec);
  static void on_message(j_common_ptr codec, int level);
  static void stop_scan_bomb(j_common_ptr codec);

  jpeg_decompress_struct codec_{};
  jpeg_progress_mgr progress_{};
  Trouble trouble_{};
};

}  // namespace vitrine
