#pragma once

#include "vitrine/base/bytes.h"
#include "vitrine/image/image.h"

namespace vitrine::python {

/// A PNG of at most 1024 pixels a side: larger ones only make notebooks slow.
Bytes notebook_png(const Image& image);

}  // namespace vitrine::python
