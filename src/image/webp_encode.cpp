#include <webp/encode.h>

#include <limits>
#include <new>

#include "image/webp.h"

namespace vitrine {
namespace {

constexpr int kLosslessQuality = 100;
constexpr int kLosslessLevel = 4;  // of 0 to 9: beyond it the time doubles for the last few per cent

class WebPWriter {
 public:
  WebPWriter() {
    if (WebPPictureInit(&picture_) == 0) throw std::bad_alloc();
    WebPMemoryWriterInit(&memory_);
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = &memory_;
  }
  ~WebPWriter() {
    WebPPictureFree(&picture_);
    WebPMemoryWriterClear(&memory_);
  }
  WebPWriter(const WebPWriter&) = delete;
  WebPWriter& operator=(const WebPWriter&) = delete;

  WebPPicture& picture() { return picture_; }
  Bytes bytes() const { return {memory_.mem, memory_.mem + memory_.size}; }

 private:
  WebPPicture picture_;
  WebPMemoryWriter memory_;
};

WebPConfig config_of(const EncodeOptions& options, bool lossless) {
  WebPConfig config;
  if (WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(options.quality.value_or(kDefaultQuality))) == 0) throw std::bad_alloc();
  if (lossless && WebPConfigLosslessPreset(&config, kLosslessLevel) == 0) throw std::bad_alloc();
  config.exact = lossless ? 1 : 0;  // keeps colour under transparency, which lossless promises
  return config;
}

// libwebp takes colour only, and rows that go forward by an int.
bool is_importable(ImageView image) {
  return image.format != PixelFormat::gray8 && image.stride > 0 && image.stride <= std::numeric_limits<int>::max();
}

}  // namespace

Bytes encode_webp(ImageView image, const EncodeOptions& options) {
  Image converted;
  if (!is_importable(image)) {
    converted = convert(image, has_alpha(image.format) ? PixelFormat::rgba8 : PixelFormat::rgb8);
    image = converted;
  }
  const bool lossless = options.quality == kLosslessQuality;
  const WebPConfig config = config_of(options, lossless);
  WebPWriter writer;
  WebPPicture& picture = writer.picture();
  picture.use_argb = lossless ? 1 : 0;
  picture.width = image.width();
  picture.height = image.height();
  const int imported = image.format == PixelFormat::rgba8
                           ? WebPPictureImportRGBA(&picture, image.data, static_cast<int>(image.stride))
                           : WebPPictureImportRGB(&picture, image.data, static_cast<int>(image.stride));
  // Sizes are checked before; what is left to fail is memory.
  if (imported == 0 || WebPEncode(&config, &picture) == 0) throw std::bad_alloc();
  return writer.bytes();
}

}  // namespace vitrine
