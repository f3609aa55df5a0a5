// Any bytes as an image file: probing and decoding them agree, keep the limits and never crash.
#include <cstdlib>
#include <cstring>

#include "vitrine/base/error.h"
#include "vitrine/image/codec.h"

namespace {

constexpr std::size_t kMaxPixels = 1'000'000;

void require(bool holds) {
  if (!holds) std::abort();
}

// Our PNG writer and reader undo each other; an opaque picture comes back without alpha.
void require_same_from_png(const vitrine::Image& image) {
  const vitrine::Bytes png = vitrine::encode_image(image, {.format = vitrine::FileFormat::png});
  const vitrine::Image back = vitrine::convert(vitrine::decode_image(png), image.format());
  require(back.size() == image.size());
  for (int y = 0; y < image.height(); ++y)
    require(std::memcmp(back.row(y), image.row(y), static_cast<std::size_t>(image.width()) *
                                                       static_cast<std::size_t>(bytes_per_pixel(image.format()))) == 0);
}

void decode(vitrine::ByteView bytes, const vitrine::DecodeOptions& options) {
  try {
    const vitrine::Image image = vitrine::decode_image(bytes, options);
    require(!image.empty() && vitrine::is_8bit(image.format()));
    require(static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(image.height()) <= kMaxPixels);
    if (!options.at_least) require(vitrine::probe_image(bytes, options).size == image.size());
    if (!options.at_least) require_same_from_png(image);
  } catch (const vitrine::Error& error) {
    require(error.what()[0] != '\0');
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vitrine::DecodeOptions options;
  options.max_pixels = kMaxPixels;
  options.max_metadata = 1u << 20u;
  decode({data, size}, options);
  options.at_least = vitrine::Size{16, 16};
  decode({data, size}, options);
  return 0;
}
