#include <png.h>

#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <string>

#include "image/decode_limits.h"
#include "image/escape.h"
#include "image/icc.h"
#include "image/png.h"
#include "image/png_unpack.h"
#include "vitrine/base/error.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

struct Trouble {
  Escape escape;
  bool profile_too_large = false;
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  static_cast<Trouble*>(png_get_error_ptr(png))->escape.leave(text);
}

void on_warning(png_structp png, png_const_charp text) noexcept {
  if (std::strstr(text, "exceeds application limits") != nullptr)
    static_cast<Trouble*>(png_get_error_ptr(png))->profile_too_large = true;
  else
    log(LogLevel::warning, "image", text);
}

void on_read(png_structp png, png_bytep out, std::size_t count) {
  auto& rest = *static_cast<ByteView*>(png_get_io_ptr(png));
  if (count > rest.size()) png_error(png, "it ends too early");
  std::memcpy(out, rest.data(), count);
  rest = rest.subspan(count);
}

class PngReader {
 public:
  PngReader(ByteView bytes, const ImageInfo& info, const DecodeOptions& options)
      : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &trouble_, on_error, on_warning)), rest_(bytes) {
    if (png_ == nullptr) throw std::bad_alloc();
    run([&] {
      info_ = png_create_info_struct(png_);
      png_set_read_fn(png_, &rest_, on_read);
      png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
      png_set_user_limits(png_, static_cast<png_uint_32>(info.size.width), static_cast<png_uint_32>(info.size.height));
      png_set_chunk_malloc_max(png_, options.max_metadata);
      skip_unused_chunks();
      png_read_info(png_, info_);
    });
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  // libpng itself would drop such a profile and show wrong colours.
  void require_profile_within(const DecodeOptions& options) const {
    if (!trouble_.profile_too_large) return;
    throw Error(ErrorCode::image_too_large, "The ICC profile in the PNG has more than " +
                                                std::to_string(options.max_metadata) +
                                                " bytes. Strip it or raise DecodeOptions::max_metadata.");
  }

  png_structp png() const { return png_; }
  png_infop info() const { return info_; }

  // See completes() for what `step` may hold.
  template <typename Step>
  void run(const Step& step) {
    if (completes(trouble_.escape, step)) return;
    // Here too: no destructor runs if this throws out of the constructor.
    png_destroy_read_struct(&png_, &info_, nullptr);
    throw Error(ErrorCode::invalid_image, std::string("The PNG is damaged or cut off (") + trouble_.escape.reason +
                                              "). Get a fresh copy of the file.");
  }

 private:
  // Text is never unpacked, so that it can be no bomb; orientation is read by the probe.
  void skip_unused_chunks() {
    static constexpr char kNames[] = "tEXt\0zTXt\0iTXt\0eXIf\0sPLT\0hIST\0pCAL\0sCAL\0tIME";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, reinterpret_cast<const png_byte*>(kNames), 9);
  }

  Trouble trouble_;
  png_structp png_;
  png_infop info_ = nullptr;
  ByteView rest_;
};

struct Stored {
  bool color;
  bool alpha;
  bool wide;
};

Stored stored_kind(PngReader& reader) {
  const int type = png_get_color_type(reader.png(), reader.info());
  return {(type & PNG_COLOR_MASK_COLOR) != 0,
          (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(reader.png(), reader.info(), PNG_INFO_tRNS) != 0,
          png_get_bit_depth(reader.png(), reader.info()) == 16};
}

SampleLayout layout_of(const Stored& stored) {
  if (stored.alpha) return stored.wide ? SampleLayout::rgba16 : SampleLayout::rgba8;
  if (stored.color) return stored.wide ? SampleLayout::rgb16 : SampleLayout::rgb8;
  return stored.wide ? SampleLayout::gray16 : SampleLayout::gray8;
}

PixelFormat format_of(const Stored& stored) {
  if (stored.alpha) return PixelFormat::rgba8;
  return stored.color ? PixelFormat::rgb8 : PixelFormat::gray8;
}

std::optional<ToSrgb> conversion_of(PngReader& reader, SampleLayout layout) {
  png_charp name = nullptr;
  int compression = 0;
  png_bytep profile = nullptr;
  png_uint_32 size = 0;
  if (png_get_iCCP(reader.png(), reader.info(), &name, &compression, &profile, &size) == 0) return std::nullopt;
  return ToSrgb::from({profile, size}, layout);
}

// Whether rows arrive as stored in 16 bits, for a profile to work on, or rounded to 8.
enum class Samples { rounded, as_stored };

void set_output(PngReader& reader, const Stored& stored, Samples samples) {
  reader.run([&] {
    png_set_expand(reader.png());  // palettes, grey below 8 bits, tRNS
    if (stored.alpha && !stored.color) png_set_gray_to_rgb(reader.png());
    if (stored.wide && samples == Samples::rounded) png_set_scale_16(reader.png());
    if (stored.wide && samples == Samples::as_stored && std::endian::native == std::endian::little)
      png_set_swap(reader.png());
    png_set_interlace_handling(reader.png());
    png_read_update_info(reader.png(), reader.info());
  });
}

// Interlaced files come in seven passes, each over the whole picture.
void read_rows(PngReader& reader, std::uint8_t* first, std::ptrdiff_t stride, int height) {
  const int passes = png_get_interlace_type(reader.png(), reader.info()) == PNG_INTERLACE_NONE ? 1 : 7;
  reader.run([&] {
    for (int pass = 0; pass < passes; ++pass)
      for (int y = 0; y < height; ++y) png_read_row(reader.png(), first + y * stride, nullptr);
    png_read_end(reader.png(), nullptr);
  });
}

// How the rows lie in the file, if they lie as the image will have them.
PngRows rows_of(PngReader& reader, const Stored& stored) {
  const bool plain = png_get_bit_depth(reader.png(), reader.info()) == 8 &&
                     png_get_valid(reader.png(), reader.info(), PNG_INFO_tRNS) == 0 &&
                     png_get_interlace_type(reader.png(), reader.info()) == PNG_INTERLACE_NONE;
  const int type = png_get_color_type(reader.png(), reader.info());
  const bool direct = type == PNG_COLOR_TYPE_GRAY || type == PNG_COLOR_TYPE_RGB || type == PNG_COLOR_TYPE_RGB_ALPHA;
  return {plain && direct, format_of(stored)};
}

Image finished(const PngPixels& pixels, const ToSrgb* to_srgb) {
  if (to_srgb != nullptr)
    for (int y = 0; y < pixels.view.size.height; ++y)
      to_srgb->convert_row(pixels.view.row(y), pixels.view.row(y), pixels.view.size.width);
  return Image::sharing(pixels.view, pixels.memory);
}

}  // namespace

Image decode_png(ByteView bytes, const ImageInfo& info, const DecodeOptions& options) {
  PngReader reader(bytes, info, options);
  reader.require_profile_within(options);
  const Stored stored = stored_kind(reader);
  const auto to_srgb = conversion_of(reader, layout_of(stored));
  const bool wide = stored.wide && to_srgb;
  set_output(reader, stored, wide ? Samples::as_stored : Samples::rounded);

  if (!wide)
    if (const std::optional<PngPixels> pixels = unpack_png(bytes, info, rows_of(reader, stored), options))
      return finished(*pixels, to_srgb ? &*to_srgb : nullptr);

  Image image(info.size, format_of(stored));
  const MutableImageView target = image.edit();
  const auto row_size = static_cast<std::size_t>(target.stride) * (wide ? 2 : 1);
  if (png_get_rowbytes(reader.png(), reader.info()) != row_size)
    throw Error(ErrorCode::invalid_image, "The PNG contradicts itself about its kind of pixels. It is damaged.");
  Bytes samples(wide ? row_size * static_cast<std::size_t>(info.size.height) : 0);
  std::uint8_t* first = wide ? samples.data() : target.data;
  read_rows(reader, first, static_cast<std::ptrdiff_t>(row_size), info.size.height);
  if (to_srgb)
    for (int y = 0; y < info.size.height; ++y)
      to_srgb->convert_row(first + static_cast<std::size_t>(y) * row_size, target.row(y), info.size.width);
  return image;
}

}  // namespace vitrine
