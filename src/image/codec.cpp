#include "vitrine/image/codec.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "image/decode_limits.h"
#include "image/foreign_format.h"
#include "image/jpeg.h"
#include "image/orient.h"
#include "image/png.h"
#include "image/promised_format.h"
#include "image/reduce.h"
#include "image/webp.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

using std::string_view_literals::operator""sv;

std::string lower_suffix(const std::filesystem::path& path) {
  std::string suffix = path.extension().string();
  for (char& letter : suffix)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return suffix;
}

FileFormat recognise(ByteView bytes) {
  if (const auto format = sniff_format(bytes)) return *format;
  if (bytes.empty())
    throw Error(ErrorCode::invalid_image, "The image file is empty: it has 0 bytes. Get a fresh copy.");
  const std::string_view foreign = foreign_format(bytes);
  if (foreign.empty())
    throw Error(ErrorCode::invalid_image,
                "This is no image that can be read: its first bytes are not those of a JPEG, "
                "PNG or WebP. Give it one of these.");
  throw Error(ErrorCode::invalid_image,
              "This is " + std::string(foreign) + ", which cannot be read. Convert it to PNG or JPEG first.");
}

// With the size as stored, before orientation.
ImageInfo probe_stored(ByteView bytes, const DecodeOptions& options) {
  require_bytes_within(bytes.size(), options);
  switch (recognise(bytes)) {
    case FileFormat::jpeg:
      return probe_jpeg(bytes, options);
    case FileFormat::png:
      return probe_png(bytes, options);
    case FileFormat::webp:
      return probe_webp(bytes, options);
  }
  throw std::logic_error("a format without a decoder");
}

Image decode_stored(ByteView bytes, const ImageInfo& stored, const DecodeOptions& options) {
  if (stored.format == FileFormat::jpeg) return decode_jpeg(bytes, stored, options);
  Image image = stored.format == FileFormat::png ? decode_png(bytes, stored, options) : decode_webp(bytes, stored);
  const int factor = reduction_for(stored.size, stored.orientation, options.at_least);
  return factor == 1 ? image : reduce(image, factor);
}

void require_encodable(ImageView image, const EncodeOptions& options) {
  if (image.empty()) throw std::invalid_argument("An empty image cannot be encoded. Give one with pixels.");
  if (!is_8bit(image.format))
    throw std::invalid_argument("Only 8-bit images can be encoded; this one holds floats. Convert it first.");
  if (const int quality = options.quality.value_or(kDefaultQuality); quality < 1 || quality > 100)
    throw std::invalid_argument("The quality is " + std::to_string(quality) + "; it must be from 1 to 100.");
}

void require_sides_within(Size size, int most, std::string_view format) {
  const int longest = std::max(size.width, size.height);
  if (longest <= most) return;
  throw Error(ErrorCode::image_too_large, "The image is " + std::to_string(longest) + " pixels long; a " +
                                              std::string(format) + " can have " + std::to_string(most) +
                                              " a side. Scale it down or write a PNG.");
}

bool promises_foreign_format(const std::filesystem::path& path) {
  constexpr std::array kForeign{".gif"sv, ".tif"sv, ".tiff"sv, ".bmp"sv, ".avif"sv, ".heic"sv, ".heif"sv,
                                ".jxl"sv, ".jp2"sv, ".pdf"sv,  ".svg"sv, ".psd"sv,  ".ico"sv,  ".eps"sv};
  return std::find(kForeign.begin(), kForeign.end(), lower_suffix(path)) != kForeign.end();
}

}  // namespace

std::string_view name_of(FileFormat format) noexcept {
  switch (format) {
    case FileFormat::jpeg:
      return "jpeg";
    case FileFormat::png:
      return "png";
    case FileFormat::webp:
      return "webp";
  }
  return "unknown";
}

std::string_view suffix_of(FileFormat format) noexcept {
  switch (format) {
    case FileFormat::jpeg:
      return ".jpg";
    case FileFormat::png:
      return ".png";
    case FileFormat::webp:
      return ".webp";
  }
  return "";
}

std::string_view media_type_of(FileFormat format) noexcept {
  switch (format) {
    case FileFormat::jpeg:
      return "image/jpeg";
    case FileFormat::png:
      return "image/png";
    case FileFormat::webp:
      return "image/webp";
  }
  return "application/octet-stream";
}

std::optional<FileFormat> sniff_format(ByteView bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 12));
  if (start.starts_with("\xFF\xD8\xFF"sv)) return FileFormat::jpeg;
  if (start.starts_with("\x89PNG\r\n\x1A\n"sv)) return FileFormat::png;
  if (start.starts_with("RIFF"sv) && start.size() == 12 && start.substr(8) == "WEBP"sv) return FileFormat::webp;
  return std::nullopt;
}

std::optional<FileFormat> format_of_suffix(const std::filesystem::path& path) {
  const std::string suffix = lower_suffix(path);
  if (suffix == ".jpg" || suffix == ".jpeg" || suffix == ".jpe") return FileFormat::jpeg;
  if (suffix == ".png") return FileFormat::png;
  if (suffix == ".webp") return FileFormat::webp;
  return std::nullopt;
}

std::optional<FileFormat> promised_format(const std::filesystem::path& path) {
  if (promises_foreign_format(path))
    throw std::invalid_argument("'" + path.string() +
                                "' has the suffix of a format that cannot be written. Use .jpg, " +
                                ".png or .webp, or set EncodeOptions::format.");
  return format_of_suffix(path);
}

Image decode_image(ByteView bytes, const DecodeOptions& options) {
  const ImageInfo stored = probe_stored(bytes, options);
  require_pixels_within(stored.size, options);
  return oriented(decode_stored(bytes, stored, options), stored.orientation);
}

Image read_image(const std::filesystem::path& path, const DecodeOptions& options) {
  const Bytes bytes = read_file(path, options.max_bytes);
  try {
    return decode_image(bytes, options);
  } catch (const Error& error) {
    throw about("'" + path.string() + "'", error);
  }
}

ImageInfo probe_image(ByteView bytes, const DecodeOptions& options) {
  ImageInfo info = probe_stored(bytes, options);
  info.size = turned(info.size, info.orientation);
  return info;
}

Bytes encode_image(ImageView image, const EncodeOptions& options) {
  require_encodable(image, options);
  const FileFormat format = options.format.value_or(has_transparency(image) ? FileFormat::png : FileFormat::jpeg);
  switch (format) {
    case FileFormat::jpeg:
      require_sides_within(image.size, 65'500, "JPEG");
      return has_transparency(image) ? encode_jpeg(flatten(image), options) : encode_jpeg(image, options);
    case FileFormat::png:
      return encode_png(image, options);
    case FileFormat::webp:
      require_sides_within(image.size, 16'383, "WebP");
      return encode_webp(image, options);
  }
  throw std::invalid_argument("The format to encode is none of the enumerators of FileFormat.");
}

FileFormat write_image(const std::filesystem::path& path, ImageView image, EncodeOptions options) {
  require_encodable(image, options);
  if (!options.format) options.format = promised_format(path);
  if (!options.format) options.format = has_transparency(image) ? FileFormat::png : FileFormat::jpeg;
  try {
    write_file_atomically(path, encode_image(image, options));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::image_too_large) throw;
    throw about("'" + path.string() + "'", error);
  }
  return *options.format;
}

}  // namespace vitrine
