#include <webp/decode.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "image/decode_limits.h"
#include "image/exif.h"
#include "image/icc.h"
#include "image/webp.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kFileHeader = 12;   // "RIFF", size, "WEBP"
constexpr std::size_t kChunkHeader = 8;   // type, size
constexpr std::size_t kFrameHeader = 16;  // of an ANMF chunk, before the frame's own chunks

[[noreturn]] void throw_damaged(const std::string& how) {
  throw Error(ErrorCode::invalid_image, "The WebP is damaged or cut off (" + how + "). Get a fresh copy of the file.");
}

std::uint32_t little(ByteView bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
  return value;
}

// What we need to find in the file, each empty if it is not there.
struct Chunks {
  ByteView profile;
  ByteView exif;
  ByteView frame;  // of an animation: the first
};

// Throws unless the file is as long as it says and each chunk lies inside.
Chunks chunks_of(ByteView file) {
  if (file.size() < kFileHeader) throw_damaged("it ends in its header");
  const std::size_t size = little(file, 4, 4);
  if (size < 4 || size > file.size() - 8) throw_damaged("it ends too early");
  ByteView rest = file.subspan(kFileHeader, size - 4);
  Chunks chunks;
  while (rest.size() >= kChunkHeader) {
    const std::string_view type(reinterpret_cast<const char*>(rest.data()), 4);
    const std::size_t length = little(rest, 4, 4);
    rest = rest.subspan(kChunkHeader);
    if (length > rest.size()) throw_damaged("a chunk reaches past its end");
    const ByteView data = rest.first(length);
    if (type == "ICCP" && chunks.profile.empty()) chunks.profile = data;
    if (type == "EXIF" && chunks.exif.empty()) chunks.exif = data;
    if (type == "ANMF" && chunks.frame.empty()) chunks.frame = data;
    rest = rest.subspan(std::min(rest.size(), length + length % 2));
  }
  return chunks;
}

WebPBitstreamFeatures features_of(ByteView bytes) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK)
    throw_damaged("its header makes no sense");
  return features;
}

std::string reason_of(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      throw std::bad_alloc();
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return "it ends too early";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return "it uses an unknown feature";
    default:
      return "its data make no sense";
  }
}

// Decodes one still picture into `target`, which has its size and format.
void decode_into(ByteView bitstream, const MutableImageView& target) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    throw Error(ErrorCode::unavailable, "libwebp has another version than the headers.");
  config.output.colorspace = target.format == PixelFormat::rgba8 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = target.data;
  config.output.u.RGBA.stride = static_cast<int>(target.stride);
  config.output.u.RGBA.size =
      static_cast<std::size_t>(target.stride) * static_cast<std::size_t>(target.size.height - 1) +
      static_cast<std::size_t>(target.size.width * bytes_per_pixel(target.format));
  const VP8StatusCode status = WebPDecode(bitstream.data(), bitstream.size(), &config);
  if (status != VP8_STATUS_OK) throw_damaged(reason_of(status));
}

// The first frame, alone on a canvas that is transparent around it.
Image decode_first_frame(ByteView frame, Size canvas) {
  if (frame.size() <= kFrameHeader) throw_damaged("its first frame is missing");
  const auto x = static_cast<int>(2 * little(frame, 0, 3));
  const auto y = static_cast<int>(2 * little(frame, 3, 3));
  const ByteView bitstream = frame.subspan(kFrameHeader);
  const WebPBitstreamFeatures features = features_of(bitstream);
  if (x > canvas.width - features.width || y > canvas.height - features.height)
    throw_damaged("its first frame reaches outside its canvas");
  const bool whole = features.width == canvas.width && features.height == canvas.height;
  Image image(canvas, whole && features.has_alpha == 0 ? PixelFormat::rgb8 : PixelFormat::rgba8);
  MutableImageView target = image.edit();
  target.data = target.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(target.format);
  target.size = {features.width, features.height};
  decode_into(bitstream, target);
  return image;
}

}  // namespace

ImageInfo probe_webp(ByteView bytes, const DecodeOptions& options) {
  const Chunks chunks = chunks_of(bytes);
  const WebPBitstreamFeatures features = features_of(bytes);
  require_metadata_within(chunks.profile.size() + chunks.exif.size(), options);
  ImageInfo info;
  info.format = FileFormat::webp;
  info.size = {features.width, features.height};
  info.alpha = features.has_alpha != 0;
  info.animated = features.has_animation != 0;
  info.orientation = exif_orientation(chunks.exif);
  info.icc = !chunks.profile.empty();
  return info;
}

Image decode_webp(ByteView bytes, const ImageInfo& info) {
  const Chunks chunks = chunks_of(bytes);
  Image image;
  if (info.animated) {
    image = decode_first_frame(chunks.frame, info.size);
  } else {
    image = Image(info.size, info.alpha ? PixelFormat::rgba8 : PixelFormat::rgb8);
    decode_into(bytes, image.edit());
  }
  if (chunks.profile.empty()) return image;
  const bool alpha = has_alpha(image.format());
  const auto to_srgb = ToSrgb::from(chunks.profile, alpha ? SampleLayout::rgba8 : SampleLayout::rgb8);
  if (!to_srgb) return image;
  const MutableImageView target = image.edit();
  for (int y = 0; y < image.height(); ++y) to_srgb->convert_row(target.row(y), target.row(y), image.width());
  return image;
}

}  // namespace vitrine
