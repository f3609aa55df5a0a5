#pragma once

#include <optional>
#include <vector>

#include "compose/light_map.h"
#include "compose/matte.h"
#include "compose/scene_picture.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// How the artwork meets the pixels of a region.
enum class Backing {
  surface,      ///< It covers the surface inside the quad.
  hole,         ///< It lies behind the scene, which is transparent there.
  placeholder,  ///< It takes the place of a flat colour, as the matte says.
};

/// What prepare() measured of one region.
struct PreparedRegion {
  Region region;
  Backing backing = Backing::surface;
  std::optional<LightMap> light;  ///< For Backing::surface, if it is blank.
  std::optional<Matte> matte;     ///< For Backing::placeholder; for Backing::surface if it is blank.
};

struct TemplateParts {
  ScenePicture scene;
  std::vector<Region> regions;           ///< As given.
  std::vector<PreparedRegion> prepared;  ///< One for each of `regions`.
};

}  // namespace vitrine
