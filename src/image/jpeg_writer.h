#pragma once

#include <cstdio>

// libjpeg's header needs FILE and size_t before it.
#include <jpeglib.h>

#include <string>

#include "image/escape.h"
#include "vitrine/base/bytes.h"

namespace vitrine {

/// libjpeg's encoder into memory.
class JpegWriter {
 public:
  JpegWriter();
  ~JpegWriter();
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  jpeg_compress_struct& codec() { return codec_; }

  /// What was written so far; valid until the next step.
  ByteView written() const { return {buffer_, size_}; }

  /// Runs a step of libjpeg's; see completes() for what it may hold. Writing pixels to memory fails only when there is
  /// none: throws std::bad_alloc.
  template <typename Step>
  void run(const Step& step) {
    if (!completes(trouble_.escape, step)) give_up();
  }

  /// The same for a step that may fail for other reasons: says which, nothing if it did not.
  template <typename Step>
  std::string attempt(const Step& step) {
    if (completes(trouble_.escape, step)) return {};
    return trouble_.escape.reason[0] != '\0' ? trouble_.escape.reason : "no reason given";
  }

 private:
  struct Trouble {
    jpeg_error_mgr manager;  // first: libjpeg's pointer to it is a pointer to this
    Escape escape;
  };
  [[noreturn]] void give_up();

  jpeg_compress_struct codec_{};
  Trouble trouble_{};
  unsigned char* buffer_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace vitrine
