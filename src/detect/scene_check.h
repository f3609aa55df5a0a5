#pragma once

#include "vitrine/image/image.h"

namespace vitrine {

/// What every detector asks of a scene. Throws std::invalid_argument if it is empty or not 8-bit.
void require_detectable(ImageView scene);

}  // namespace vitrine
