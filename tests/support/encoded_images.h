#pragma once

#include <string>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/image/image.h"

// Encoded files with properties that our own encoder never gives them, made with the libraries directly.
namespace vitrine {

struct NamedChunk {
  std::string type;
  Bytes data;
};

/// A PNG; `samples` are its rows as the file stores them (packed, 16 bits big-endian).
struct PngFile {
  Size size;
  int bits = 8;
  int color_type = 2;  ///< 0 grey, 2 rgb, 3 palette, 4 grey and alpha, 6 rgba.
  Bytes samples = {};
  Bytes palette = {};  ///< rgb triples
  bool interlaced = false;
  std::vector<NamedChunk> before_pixels = {};  ///< Written as they are, after the palette.
};
Bytes encode(const PngFile& file);

enum class JpegColor { gray, ycc, cmyk, ycck };
enum class AdobeMarker { yes, no };
enum class Scans { baseline, progressive };

/// A JPEG; `samples` are rows of 1, 3 (rgb) or 4 (cmyk as the file means it) bytes a pixel.
struct JpegFile {
  Size size;
  JpegColor color = JpegColor::ycc;
  Bytes samples = {};
  int quality = 95;
  Scans scans = Scans::baseline;
  AdobeMarker adobe = AdobeMarker::yes;  ///< For cmyk and ycck.
  Bytes exif = {};                       ///< With "Exif\0\0" before it; empty for none.
  Bytes profile = {};
  Size sampling{1, 1};  ///< Luma samples for one of chroma, across and down.
};
Bytes encode(const JpegFile& file);

/// A WebP container of these chunks, in this order.
Bytes webp_container(const std::vector<NamedChunk>& chunks);

/// The VP8X chunk for a canvas; `flags` as in the specification (0x20 ICC, 0x10 alpha, 0x08 EXIF, 0x02 animation).
NamedChunk webp_header(Size canvas, std::uint8_t flags);

/// The lossless bit stream of an rgba8 or rgb8 image as a chunk "VP8L".
NamedChunk webp_lossless_chunk(const Image& image);

/// One frame of an animation, at an even place on its canvas.
NamedChunk webp_frame(const Image& image, int x, int y);

enum class ByteOrder { little, big };

/// An EXIF block with an orientation entry, behind two others.
Bytes exif_with_orientation(int orientation, ByteOrder order);

/// `bytes` packed as the data of a zlib stream.
Bytes deflated(const Bytes& bytes);

/// The data of an iCCP chunk with this profile.
Bytes iccp_data(const Bytes& profile);

/// All samples of an 8-bit image, row after row.
Bytes samples_of(const Image& image);

}  // namespace vitrine
