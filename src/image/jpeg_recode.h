#pragma once

#include <string>

#include "image/jpeg_reader.h"

namespace vitrine {

/// A JPEG written anew from its coefficients, or why that cannot be.
struct RecodedJpeg {
  Bytes bytes;
  std::string obstacle;  ///< A sentence; empty if there are bytes.
};

/// Recodes losslessly to one baseline scan with standard Huffman tables and a restart grid. Keeps EXIF, XMP, IPTC,
/// comments and the ICC profile; a file without a profile gets sRGB's, and a grey one becomes a colour one without
/// colour. `reader` must have kept all markers and read no pixels; it is used up.
RecodedJpeg recode_with_restart_grid(JpegReader& reader);

/// Why the file that `reader` stands for cannot be recoded so that pixels keep their places and colours; empty if it can.
std::string recoding_obstacle(const JpegReader& reader);

}  // namespace vitrine
