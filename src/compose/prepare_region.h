#pragma once

#include "compose/template_parts.h"

namespace vitrine {

/// Measures what a render needs to know of one region: how the artwork meets it, its light, and what stands before it.
PreparedRegion prepare_region(ImageView scene, const Region& region);

}  // namespace vitrine
