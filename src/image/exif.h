#pragma once

#include "vitrine/base/bytes.h"

namespace vitrine {

/// The orientation, 1 to 8, that an EXIF block states: a TIFF structure, with or without "Exif\0\0" before it. 1 if it
/// states none or makes no sense; EXIF is often damaged, and never a reason to refuse a picture.
int exif_orientation(ByteView exif);

}  // namespace vitrine
