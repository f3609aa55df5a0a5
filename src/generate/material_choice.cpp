#include <array>

#include "generate/material.h"

namespace vitrine {
namespace {

struct WoodTone {
  std::uint32_t light;
  std::uint32_t dark;
};
constexpr std::array<WoodTone, 6> kWoods{{{0xD9B98F, 0xB98F5F},    // oak
                                          {0xE6D2B4, 0xCDB08A},    // ash
                                          {0x8A5F3F, 0x5E3D27},    // walnut
                                          {0xB9855A, 0x8E5E3A},    // teak
                                          {0x5A4436, 0x3C2C22},    // smoked oak
                                          {0xC9AE8E, 0xA98A68}}};  // washed oak
constexpr std::array<std::uint32_t, 16> kPaints{0xF1EDE6, 0xECE7DD, 0xE9E9E6, 0xDCD5C8, 0xD9C7B0, 0xC9B8A0,
                                                0xB7BFA9, 0x8E9B85, 0x5E6B5A, 0xA9B7BF, 0x5B7483, 0x33475B,
                                                0xD8AF9B, 0xB9725A, 0xC7A7A0, 0x4A4A4C};
constexpr std::array<std::uint32_t, 12> kFabrics{0xD8CFC0, 0xBDB4A6, 0x8C8A86, 0x55606B, 0x2F4A4A, 0x6E7B5B,
                                                 0xA8573B, 0xC99A4B, 0xE4DED3, 0x3C3F46, 0xB4887A, 0x7A4B4B};

Material paper(Random& random, Texture texture) {
  Material m;
  m.texture = texture;
  m.colour = from_hex(
      random.pick(std::array<std::uint32_t, 7>{0xEFE8DA, 0xE3DDCF, 0xC6D0C8, 0xB9C4CC, 0xE5CFC2, 0x41584F, 0x34465A}));
  const bool dark = luminance(m.colour) < 0.2F;
  m.second = m.colour * static_cast<float>(dark ? random.between(1.35, 1.7) : random.between(0.72, 0.86));
  m.scale = texture == Texture::stripes ? random.between(0.07, 0.16) : random.between(0.1, 0.2);
  return m;
}

Material wooden(Random& random, Texture texture, double scale) {
  const WoodTone tone = random.pick(kWoods);
  return {texture, from_hex(tone.light), from_hex(tone.dark), scale, 0.12F, random.salt(), {}};
}

Material brickwork(Random& random) {
  static constexpr std::array<WoodTone, 4> kBricks{
      {{0xB5654A, 0xC9BDB0}, {0xEDEAE4, 0xE2DED6}, {0x9A5A45, 0x8F867C}, {0xD8CBB8, 0xEDE6DA}}};
  const WoodTone tone = random.pick(kBricks);
  return {Texture::brick, from_hex(tone.light), from_hex(tone.dark), 0.075, 0, random.salt(), {}};
}

Material panelling(Random& random) {
  Material m = wooden(random, Texture::boards, random.between(0.09, 0.18));
  if (random.chance(0.5)) {
    m.colour = from_hex(random.pick(kPaints));
    m.gloss = 0;
  }
  return m;
}

}  // namespace

Material make_wall(Random& random) {
  const int kind = random.index(20);
  if (kind < 7) return {Texture::paint, from_hex(random.pick(kPaints)), {}, 0.1, 0, random.salt(), {}};
  if (kind < 11) {
    Material m{Texture::plaster, from_hex(random.pick(kPaints)), {}, 0.1, 0, random.salt(), {}};
    m.second = m.colour * static_cast<float>(random.between(0.8, 0.9));
    return m;
  }
  if (kind < 12)
    return {Texture::concrete, from_hex(random.chance(0.5) ? 0xB4B2AE : 0x8F8E8B), {}, 0.1, 0, random.salt(), {}};
  if (kind < 13) return paper(random, Texture::stripes);
  if (kind < 15) return paper(random, Texture::motif);
  if (kind < 17) return brickwork(random);
  if (kind < 19) return panelling(random);
  return wooden(random, Texture::slats, random.between(0.03, 0.045));
}

Material make_floor(Random& random) {
  const int kind = random.index(10);
  if (kind < 5) return wooden(random, Texture::planks, random.between(0.1, 0.19));
  if (kind < 7) return wooden(random, Texture::herringbone, random.between(0.07, 0.1));
  if (kind < 9)
    return {Texture::carpet,
            from_hex(random.pick(std::array<std::uint32_t, 4>{0xCFC6B8, 0xA7A29B, 0xD9D2C5, 0x6D7178})),
            {},
            0.1,
            0,
            random.salt(),
            {}};
  return {Texture::concrete, from_hex(0xA6A4A0), {}, 0.1, 0.1F, random.salt(), {}};
}

Material make_table_top(Random& random) {
  const int kind = random.index(10);
  if (kind < 4) return wooden(random, Texture::planks, random.between(0.1, 0.16));
  if (kind < 6) return {Texture::marble, from_hex(0xF0EEEB), from_hex(0x9EA0A3), 1, 0.15F, random.salt(), {}};
  if (kind < 8)
    return {Texture::linen,
            from_hex(random.pick(std::array<std::uint32_t, 4>{0xD9CDBA, 0xB9AD9C, 0xC8C5C0, 0x9DA596})),
            {},
            0.0012,
            0,
            random.salt(),
            {}};
  if (kind < 9) return {Texture::concrete, from_hex(0xAFACA8), {}, 0.1, 0, random.salt(), {}};
  return {Texture::paint,
          from_hex(random.pick(std::array<std::uint32_t, 4>{0xD8B9A6, 0xC3CCBD, 0xD6C7D3, 0xA9BAC4})),
          {},
          0.1,
          0,
          random.salt(),
          {}};
}

Material make_wood(Random& random) { return wooden(random, Texture::wood, 0.1); }

Material make_fabric(Random& random) {
  return {Texture::linen, from_hex(random.pick(kFabrics)), {}, random.between(0.0025, 0.005), 0, random.salt(), {}};
}

Material make_ceramic(Random& random) {
  static constexpr std::array<std::uint32_t, 7> kGlazes{0xEDE8E0, 0xC98B66, 0x3A3B3D, 0x8A9A8B,
                                                        0xD9C2A7, 0x5C7A89, 0xB7A99A};
  return {Texture::plaster,
          from_hex(random.pick(kGlazes)),
          from_hex(random.pick(kGlazes)) * 0.9F,
          0.1,
          random.chance(0.5) ? 0.25F : 0.0F,
          random.salt(),
          {}};
}

Material make_lacquer(Rgb colour, float gloss) { return {Texture::plain, colour, colour, 0.1, gloss, 0, {}}; }

const char* name_of(Texture texture) noexcept {
  switch (texture) {
    case Texture::plain:
    case Texture::paint:
      return "painted";
    case Texture::plaster:
      return "plastered";
    case Texture::concrete:
      return "concrete";
    case Texture::stripes:
      return "striped";
    case Texture::motif:
      return "papered";
    case Texture::brick:
      return "brick";
    case Texture::boards:
      return "panelled";
    case Texture::slats:
      return "slatted";
    case Texture::planks:
      return "plank";
    case Texture::herringbone:
      return "parquet";
    case Texture::carpet:
      return "carpeted";
    case Texture::wood:
      return "wooden";
    case Texture::linen:
      return "linen";
    case Texture::marble:
      return "marble";
    case Texture::metal:
      return "metal";
    case Texture::glow:
      return "glowing";
    case Texture::keys:
      return "keyed";
  }
  return "";
}

}  // namespace vitrine
