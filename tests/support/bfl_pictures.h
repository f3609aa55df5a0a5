#pragma once

#include <string>

#include "support/test_images.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/image/codec.h"

namespace vitrine {

/// A picture of that size as the value of a parameter.
inline std::string picture_parameter(Size size) {
  EncodeOptions png;
  png.format = FileFormat::png;
  return bfl_picture(encode_image(plain_image(size, PixelFormat::gray8, {200}), png));
}

}  // namespace vitrine
