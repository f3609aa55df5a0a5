#include <cstdio>

// libjpeg's header needs FILE before it, and its list of errors needs that header.
#include <jpeglib.h>

#include <jerror.h>

#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/decode_limits.h"
#include "image/escape.h"
#include "image/exif.h"
#include "image/icc.h"
#include "image/jpeg.h"
#include "image/reduce.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using std::string_view_literals::operator""sv;

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kIccMarker = JPEG_APP0 + 2;

// Real files have a dozen; a hostile progressive one has thousands, each costing a pass over the picture.
constexpr int kMostScans = 500;

// These warnings of libjpeg mean that pixels are missing or wrong; the others are about harmless oddities.
bool means_damage(int code) {
  return code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
         code == JWRN_ARITH_BAD_CODE || code == JWRN_MUST_RESYNC;
}

struct Trouble {
  jpeg_error_mgr manager;  // first: libjpeg's pointer to it is a pointer to this
  Escape escape;
};

[[noreturn]] void leave_with_message(j_common_ptr codec) {
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  reinterpret_cast<Trouble*>(codec->err)->escape.leave(text);
}

void on_message(j_common_ptr codec, int level) {
  if (level < 0 && means_damage(codec->err->msg_code)) leave_with_message(codec);
}

void stop_scan_bomb(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > kMostScans)
    reinterpret_cast<Trouble*>(codec->err)->escape.leave("more than 500 scans");
}

class JpegReader {
 public:
  explicit JpegReader(ByteView bytes) {
    codec_.err = jpeg_std_error(&trouble_.manager);
    trouble_.manager.error_exit = leave_with_message;
    trouble_.manager.emit_message = on_message;
    progress_.progress_monitor = stop_scan_bomb;
    run([&] {
      jpeg_create_decompress(&codec_);
      codec_.progress = &progress_;
      jpeg_mem_src(&codec_, bytes.data(), static_cast<unsigned long>(bytes.size()));
      jpeg_save_markers(&codec_, kExifMarker, 0xFFFF);
      jpeg_save_markers(&codec_, kIccMarker, 0xFFFF);
      jpeg_read_header(&codec_, TRUE);
    });
  }
  ~JpegReader() { jpeg_destroy_decompress(&codec_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  jpeg_decompress_struct& codec() { return codec_; }

  // See completes() for what `step` may hold.
  template <typename Step>
  void run(const Step& step) {
    if (completes(trouble_.escape, step)) return;
    // Here too: no destructor runs if this throws out of the constructor.
    jpeg_destroy_decompress(&codec_);
    const std::string why = trouble_.escape.reason;
    throw Error(ErrorCode::invalid_image,
                "The JPEG is damaged or cut off (" + why + "). Get a fresh copy of the file.");
  }

 private:
  jpeg_decompress_struct codec_{};
  jpeg_progress_mgr progress_{};
  Trouble trouble_{};
};

ByteView data_of(const jpeg_marker_struct& marker) { return {marker.data, marker.data_length}; }

bool starts_with(ByteView bytes, std::string_view prefix) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(prefix);
}

constexpr std::string_view kExifPrefix = "Exif\0\0"sv;
constexpr std::string_view kIccPrefix = "ICC_PROFILE\0"sv;

int orientation_of(const jpeg_decompress_struct& codec) {
  for (const jpeg_marker_struct* marker = codec.marker_list; marker != nullptr; marker = marker->next)
    if (marker->marker == kExifMarker && starts_with(data_of(*marker), kExifPrefix))
      return exif_orientation(data_of(*marker));
  return 1;
}

// A profile is cut into numbered parts of at most 64 kB; empty if one is missing.
Bytes profile_of(const jpeg_decompress_struct& codec) {
  std::vector<ByteView> parts;
  for (const jpeg_marker_struct* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    const ByteView data = data_of(*marker);
    if (marker->marker != kIccMarker || !starts_with(data, kIccPrefix) || data.size() < kIccPrefix.size() + 2) continue;
    const std::size_t number = data[kIccPrefix.size()];
    const std::size_t count = data[kIccPrefix.size() + 1];
    parts.resize(count);
    if (number < 1 || number > count) return {};
    parts[number - 1] = data.subspan(kIccPrefix.size() + 2);
  }
  Bytes profile;
  for (const ByteView part : parts) {
    if (part.empty()) return {};
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return profile;
}

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

}  // namespace

ImageInfo probe_jpeg(ByteView bytes, const DecodeOptions& options) {
  JpegReader reader(bytes);
  const jpeg_decompress_struct& codec = reader.codec();
  std::size_t metadata = 0;
  for (const jpeg_marker_struct* marker = codec.marker_list; marker != nullptr; marker = marker->next)
    metadata += marker->data_length;
  require_metadata_within(metadata, options);
  ImageInfo info;
  info.format = FileFormat::jpeg;
  info.size = {static_cast<int>(codec.image_width), static_cast<int>(codec.image_height)};
  info.bits = codec.data_precision;
  info.orientation = orientation_of(codec);
  info.icc = !profile_of(codec).empty();
  return info;
}

Image decode_jpeg(ByteView bytes, const ImageInfo& info, const DecodeOptions& options) {
  JpegReader reader(bytes);
  jpeg_decompress_struct& codec = reader.codec();
  const Bytes profile = profile_of(codec);
  std::optional<ToSrgb> to_srgb;
  if (!profile.empty()) to_srgb = ToSrgb::from(profile, layout_of(codec));
  set_output(codec, reduction_for(info.size, info.orientation, options.at_least));
  reader.run([&] { jpeg_start_decompress(&codec); });

  const bool gray = codec.out_color_space == JCS_GRAYSCALE;
  Image image({static_cast<int>(codec.output_width), static_cast<int>(codec.output_height)},
              gray ? PixelFormat::gray8 : PixelFormat::rgb8);
  const ToSrgb* conversion = to_srgb ? &*to_srgb : nullptr;
  if (is_cmyk(codec))
    read_cmyk_rows(reader, image.edit(), conversion);
  else
    read_rows(reader, image.edit(), conversion);
  return image;
}

}  // namespace vitrine
