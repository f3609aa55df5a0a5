#pragma once

#include <optional>

#include "compose/light_map.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// The light on a surface that something is printed on, as far as the print tells: its whites give the level and the tint,
/// and a slope where they lie all over it. Empty if the print has no whites to go by, or they show nothing but full light.
std::optional<LightMap> light_on_print(ImageView scene, const Region& region);

}  // namespace vitrine
