#pragma once

#include <cstdint>

#include "generate/colour.h"
#include "generate/random.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

enum class Texture {
  plain,
  paint,
  plaster,
  concrete,
  stripes,
  motif,
  brick,
  boards,
  slats,  // walls
  planks,
  herringbone,
  carpet,  // floors
  wood,
  linen,
  marble,
  metal,
  glow,
  keys,  // things
};

/// What a surface is made of, by its place on it in metres.
struct Material {
  Texture texture = Texture::plain;
  Rgb colour{0.8F, 0.8F, 0.8F};
  Rgb second{0.7F, 0.7F, 0.7F};  ///< Of the pattern, the mortar, the grain.
  double scale = 0.1;            ///< Size of one element in metres.
  float gloss = 0;               ///< 0 matt, 1 mirror.
  std::uint32_t salt = 0;
  Point relief;  ///< Direction on the surface that light comes from; lights bumps on that side.
};

struct Finish {
  Rgb albedo;
  float gloss = 0;
};

/// `footprint` is the size of a pixel there in metres: finer detail is averaged away.
Finish finish_at(const Material& material, Point at, double footprint);

Material make_wall(Random& random);
Material make_floor(Random& random);
Material make_table_top(Random& random);
Material make_wood(Random& random);
Material make_fabric(Random& random);
Material make_ceramic(Random& random);
Material make_lacquer(Rgb colour, float gloss);

const char* name_of(Texture texture) noexcept;

}  // namespace vitrine
