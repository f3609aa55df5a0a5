#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"
#include "vitrine/image/image.h"
#include "vitrine/image/pixel_pool.h"

namespace vitrine {

enum class FileFormat { jpeg, png, webp };

VITRINE_EXPORT std::string_view name_of(FileFormat format) noexcept;        ///< "jpeg", "png", "webp".
VITRINE_EXPORT std::string_view suffix_of(FileFormat format) noexcept;      ///< ".jpg", ".png", ".webp".
VITRINE_EXPORT std::string_view media_type_of(FileFormat format) noexcept;  ///< "image/jpeg", …

/// By the first bytes, never by the name; empty for anything else.
VITRINE_EXPORT std::optional<FileFormat> sniff_format(ByteView bytes);

/// By the suffix, in any case (.jpg, .jpeg, .jpe, .png, .webp); empty for anything else.
VITRINE_EXPORT std::optional<FileFormat> format_of_suffix(const std::filesystem::path& path);

/// Limits are checked against the file's header, before memory is taken.
struct DecodeOptions {
  std::size_t max_pixels = 100'000'000;   ///< Of the stored image. Raise it for posters at print resolution.
  std::size_t max_bytes = 256u << 20u;    ///< Of the encoded file.
  std::size_t max_metadata = 16u << 20u;  ///< Of ICC, EXIF and text together, unpacked.

  /// Decode no larger than needed: the result has at least this size on both sides when the file has, and may be
  /// reduced by a power of two (JPEG in the DCT, others by area average). Default: full size. For previews and
  /// detection, not for artwork: it averages encoded values.
  std::optional<Size> at_least = std::nullopt;

  /// Where JPEG and PNG pixels lie, so that memory is used again; such images are copied when edited. Default: fresh.
  std::shared_ptr<const PixelPool> pool = nullptr;
};

/// What a file says of itself, without decoding it.
struct ImageInfo {
  FileFormat format = FileFormat::jpeg;
  Size size{};  ///< As it will be decoded: EXIF orientation applied.
  bool alpha = false;
  bool animated = false;
  int bits = 8;         ///< Per channel, as stored.
  int orientation = 1;  ///< EXIF value, 1 to 8.
  bool icc = false;
};

/// Decodes JPEG, PNG or WebP to rgb8, rgba8 or gray8, in sRGB: EXIF orientation applied, ICC profiles and CMYK
/// converted, 16 bit rounded to 8, palettes and tRNS expanded; of an animation the first frame. An image that is
/// damaged at its end gives an error, not half a picture. Throws Error: invalid_image, image_too_large.
VITRINE_EXPORT Image decode_image(ByteView bytes, const DecodeOptions& options = {});

/// The same of a file; errors name it. Throws also not_found and permission_denied.
VITRINE_EXPORT Image read_image(const std::filesystem::path& path, const DecodeOptions& options = {});

/// Checks max_bytes and max_metadata alone, so that it can tell the size of an image that is too large to decode.
/// Throws Error: invalid_image, image_too_large.
VITRINE_EXPORT ImageInfo probe_image(ByteView bytes, const DecodeOptions& options = {});

enum class ChromaSampling { yuv420, yuv444 };
enum class Effort { fast, small };

struct EncodeOptions {
  /// Default: PNG if any pixel is transparent, else JPEG. write_image() asks the suffix first.
  std::optional<FileFormat> format = std::nullopt;

  /// JPEG and WebP, 1 to 100; WebP 100 is lossless. Default: 85; for a mockup in a scene that came as a better JPEG, the
  /// scene's own, so that nothing of the scene is coded anew but what the artwork touches.
  std::optional<int> quality = std::nullopt;
  ChromaSampling chroma = ChromaSampling::yuv420;  ///< JPEG. 4:4:4 keeps thin coloured lines, +10 % bytes.

  /// PNG: small takes about 5 times as long for 15 % fewer bytes. JPEG: twice as long for 1 to 10 % fewer.
  Effort effort = Effort::fast;
};

inline constexpr int kDefaultQuality = 85;

/// Encodes an 8-bit image as sRGB, tagged so (a WebP without a profile is sRGB by its specification). Transparency is
/// laid on white where the format has none. The same image and options give the same bytes. Throws
/// std::invalid_argument for an empty image or a quality out of range; Error image_too_large past the format's limit
/// (JPEG 65,500 and WebP 16,383 pixels a side).
VITRINE_EXPORT Bytes encode_image(ImageView image, const EncodeOptions& options = {});

/// Encodes and writes atomically. Format: options.format, else the suffix, else the rule above. Returns the format.
/// Throws Error naming the path: disk_full, permission_denied, not_found; std::invalid_argument where the suffix
/// promises a format that we do not write (.gif, .tif, …) and options.format is not set.
VITRINE_EXPORT FileFormat write_image(const std::filesystem::path& path, ImageView image, EncodeOptions options = {});

}  // namespace vitrine
