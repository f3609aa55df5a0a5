#include "generate/palette.h"

namespace vitrine {

Palette choose_palette(Random& random) {
  struct Hex {
    std::uint32_t paper, ink, a, b, c, d;
  };
  static constexpr std::array<Hex, 12> kPalettes{{
      {0xF4EDE1, 0x2B2A2A, 0xC8643F, 0xE0A458, 0x3F5E5A, 0xD9B9A0},  // terracotta, ochre, pine
      {0xF3EFE7, 0x22313F, 0x2F4B66, 0x8FA9B8, 0xD8A47F, 0xE8D3BE},  // slate blue, sand
      {0xF6F0E8, 0x33352F, 0x6F7F5F, 0xA9B38C, 0xD6B588, 0x8C5A3C},  // olive, straw, umber
      {0xF5E9E2, 0x3A2630, 0xB35A5A, 0xE3A79A, 0x7B3F4C, 0xEBC9A8},  // rose, wine
      {0xF2EEE5, 0x1F2A2E, 0x0F6B6B, 0x5FA8A0, 0xF0B65A, 0xE4764F},  // teal, marigold, coral
      {0xEFEBE2, 0x272727, 0x272727, 0x8B857A, 0xC9BFAE, 0xB08458},  // ink, stone, brass
      {0xF7F2EA, 0x26324A, 0xE4B363, 0xE8603C, 0x33558B, 0xF3D9B1},  // Bauhaus, softened
      {0xF1ECE6, 0x2E2A3B, 0x6D5A8C, 0xB7A4C9, 0xE8B4A0, 0x3D4A6B},  // lavender, dusk
      {0xFBF3E4, 0x403229, 0xD98F4E, 0xA4502F, 0xE9C89B, 0x6C7A55},  // desert
      {0xEDF0EC, 0x1E332B, 0x2F6149, 0x8DB39A, 0xD7C9A3, 0xC4754E},  // forest
      {0x243447, 0xF3E9DC, 0xE9C46A, 0xE76F51, 0x5B8E8B, 0xF1DDBF},  // night
      {0x2F3B34, 0xF1EBDD, 0xC9A66B, 0x88A08A, 0xE2CDA8, 0xA65E3F},  // dark green
  }};
  const Hex& hex = random.pick(kPalettes);
  return {from_hex(hex.paper), from_hex(hex.ink), {from_hex(hex.a), from_hex(hex.b), from_hex(hex.c), from_hex(hex.d)}};
}

}  // namespace vitrine
