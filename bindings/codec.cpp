#include "vitrine/image/codec.h"

#include <pybind11/pybind11.h>

#include <optional>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "codec_options.h"
#include "record.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

void bind_options(py::module_& module) {
  bind_record<0, DecodeOptions>(
      module, "DecodeOptions", "Limits, checked against the file's header before memory is taken.",
      field("max_pixels", &DecodeOptions::max_pixels, "Of the stored image. Raise it for posters at print resolution."),
      field("max_bytes", &DecodeOptions::max_bytes, "Of the encoded file."),
      field("max_metadata", &DecodeOptions::max_metadata, "Bytes of ICC, EXIF and text together, unpacked."),
      field("at_least", &DecodeOptions::at_least,
            "(width, height): decode no larger than needed for this. For previews and detection, not for artwork."));
  bind_record<0, ImageInfo>(
      module, "ImageInfo", "What a file says of itself.",
      field("format", &ImageInfo::format, "jpeg, png or webp, by its content."),
      field("size", &ImageInfo::size, "(width, height) as it will be decoded: EXIF orientation applied."),
      field("alpha", &ImageInfo::alpha, "True if it can have transparency."),
      field("animated", &ImageInfo::animated, "True if it has several frames; the first is decoded."),
      field("bits", &ImageInfo::bits, "Bits a channel, as stored."),
      field("orientation", &ImageInfo::orientation, "EXIF value, 1 to 8."),
      field("icc", &ImageInfo::icc, "True if it carries a colour profile."));
  bind_record<0, EncodeOptions>(
      module, "EncodeOptions", "How a picture becomes a file.",
      field("format", &EncodeOptions::format, "None: PNG if any pixel is transparent, else JPEG."),
      field("quality", &EncodeOptions::quality, "JPEG and WebP, 1 to 100; WebP 100 is lossless. None: 85, or a better JPEG scene's own."),
      field("chroma", &EncodeOptions::chroma, "JPEG: yuv444 keeps thin coloured lines, for 10 % more bytes."),
      field("effort", &EncodeOptions::effort, "PNG: small takes about 5 times as long for 10 % fewer bytes."));
}

}  // namespace

void bind_encoding_words(py::module_& module) {
  py::native_enum<FileFormat>(module, "FileFormat", "enum.Enum", "A file format for pictures.")
      .value("jpeg", FileFormat::jpeg)
      .value("png", FileFormat::png)
      .value("webp", FileFormat::webp)
      .finalize();
  py::native_enum<ChromaSampling>(module, "ChromaSampling", "enum.Enum", "How finely JPEG keeps colour.")
      .value("yuv420", ChromaSampling::yuv420, "Colour at half size.")
      .value("yuv444", ChromaSampling::yuv444, "Colour at full size.")
      .finalize();
  py::native_enum<Effort>(module, "Effort", "enum.Enum", "How hard PNG tries to be small.")
      .value("fast", Effort::fast)
      .value("small", Effort::small)
      .finalize();
}

void bind_codec(py::module_& module) {
  bind_options(module);
  module.def(
      "read_image",
      [](const std::filesystem::path& path, const DecodeOptions& options) {
        return run([&] { return read_image(path, options); });
      },
      py::arg("path"), py::arg("options") = DecodeOptions{}, R"(
Reads JPEG, PNG or WebP as an Image in sRGB: orientation applied, profiles and CMYK converted, 16 bit rounded to 8.

Raises
------
InvalidImageError, ImageTooLargeError, NotFoundError, PermissionDeniedError
    The message names the file and what to do.)");
  module.def(
      "decode_image",
      [](const Bytes& encoded, const DecodeOptions& options) {
        return run([&] { return decode_image(encoded, options); });
      },
      py::arg("encoded"), py::arg("options") = DecodeOptions{}, R"(
The same of bytes in memory.

Raises
------
InvalidImageError, ImageTooLargeError
    The message says what to do.)");
  module.def(
      "probe_image",
      [](const Bytes& encoded, const DecodeOptions& options) {
        return run([&] { return probe_image(encoded, options); });
      },
      py::arg("encoded"), py::arg("options") = DecodeOptions{}, "What an encoded image says of itself, undecoded.");
  module.def(
      "sniff_format", [](const Bytes& start) { return sniff_format(start); }, py::arg("start"),
      "The format by the first bytes, never by the name; None for anything else.");
  module.def(
      "suffix_of", [](FileFormat format) { return std::string(suffix_of(format)); }, py::arg("format"),
      "\".jpg\", \".png\" or \".webp\".");
  module.def(
      "media_type_of", [](FileFormat format) { return std::string(media_type_of(format)); }, py::arg("format"),
      "\"image/jpeg\", \"image/png\" or \"image/webp\".");
}

}  // namespace vitrine::python
