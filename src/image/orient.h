#pragma once

#include "vitrine/image/image.h"

namespace vitrine {

/// True if EXIF `orientation` swaps width and height.
inline bool swaps_sides(int orientation) { return orientation >= 5; }

inline Size turned(Size size, int orientation) {
  return swaps_sides(orientation) ? Size{size.height, size.width} : size;
}

/// The stored `image` as EXIF `orientation`, 1 to 8, wants it shown.
Image oriented(Image image, int orientation);

}  // namespace vitrine
