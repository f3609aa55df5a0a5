#include <array>

#include "generate/room_layout.h"

namespace vitrine {
namespace {

struct BarStyle {
  const char* adjective;
  Texture texture;
  std::uint32_t colour;
  std::uint32_t grain;
  float gloss;
};
constexpr std::array<BarStyle, 9> kBars{{{"oak", Texture::wood, 0xD3B184, 0xB18A5B, 0.08F},
                                         {"oak", Texture::wood, 0xC49C6B, 0x9C7546, 0.08F},
                                         {"walnut", Texture::wood, 0x7A5236, 0x533522, 0.1F},
                                         {"ash", Texture::wood, 0xE3D0B2, 0xCBB08B, 0.06F},
                                         {"black", Texture::plain, 0x1D1D1F, 0x1D1D1F, 0.12F},
                                         {"black", Texture::plain, 0x262524, 0x262524, 0.06F},
                                         {"white", Texture::plain, 0xF0EEEA, 0xF0EEEA, 0.1F},
                                         {"brass", Texture::metal, 0xC2A067, 0xC2A067, 0.45F},
                                         {"steel", Texture::metal, 0x9A9C9F, 0x9A9C9F, 0.4F}}};

void give_frame(Panel& panel, Random& random) {
  const BarStyle style = random.pick(kBars);
  panel.adjective = style.adjective;
  panel.bars = {style.texture, from_hex(style.colour), from_hex(style.grain), 0.1, style.gloss, random.salt(), {}};
  const double small = std::min(panel.half_width, panel.half_height);
  const bool metal = style.texture == Texture::metal;
  panel.bar_x = panel.bar_y =
      (metal ? random.between(0.008, 0.014) : random.between(0.014, 0.034)) * std::min(1.0, 0.6 + small);
  panel.depth = random.between(0.02, 0.034);
  panel.recess = random.between(0.005, 0.011);
  if (random.chance(0.5)) panel.mat = small * random.between(0.16, 0.32);
  panel.mat_colour = from_hex(random.pick(std::array<std::uint32_t, 4>{0xF4F2EC, 0xEFEBE1, 0xF7F6F3, 0xE9E3D6}));
}

void give_screen(Panel& panel, Random& random) {
  panel.adjective = "dark";
  panel.bar_x = panel.bar_y = random.between(0.009, 0.014);
  panel.depth = 0.035;
  panel.recess = 0.001;
  panel.corner = 0.012;
  panel.bars = make_lacquer(from_hex(0x141416), 0.3F);
  panel.glow = static_cast<float>(random.between(0.72, 0.85));
}

void give_rails(Panel& panel, Random& random) {
  const BarStyle style = kBars[static_cast<std::size_t>(random.index(5))];
  panel.adjective = "hanging";
  panel.bars = {style.texture, from_hex(style.colour), from_hex(style.grain), 0.1, style.gloss, random.salt(), {}};
  panel.bar_x = 0;
  panel.bar_y = random.between(0.016, 0.024);
  panel.depth = 0.012;
  panel.recess = 0.006;
}

}  // namespace

PanelKind choose_kind(Random& random) {
  const double draw = random.uniform();
  return draw < 0.66 ? PanelKind::frame : draw < 0.84 ? PanelKind::canvas : PanelKind::poster;
}

Panel make_panel(Random& random, PanelKind kind, double width, double height) {
  Panel panel;
  panel.kind = kind;
  panel.half_width = width / 2;
  panel.half_height = height / 2;
  panel.pose = {{}, {1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  panel.bar_x = panel.bar_y = 0;
  panel.recess = 0;
  static constexpr std::array<std::uint32_t, 6> kPapers{0xF6F6F6, 0xF6F5F2, 0xF5F2EB, 0xF1ECE2, 0xF3F3F5, 0xEFE6D8};
  const Rgb paper = from_hex(random.pick(kPapers));
  // Scaled so that every blank reflects the same at its strongest.
  panel.blank = paper * (0.92F / largest(paper));
  switch (kind) {
    case PanelKind::frame:
      give_frame(panel, random);
      break;
    case PanelKind::screen:
      give_screen(panel, random);
      break;
    case PanelKind::canvas:
      panel.adjective = "stretched";
      panel.depth = random.between(0.022, 0.042);
      panel.weave = 0.02F;
      break;
    case PanelKind::poster:
      panel.adjective = "loose";
      panel.depth = 0.003;
      if (random.chance(0.5)) give_rails(panel, random);
      break;
    case PanelKind::sheet:
      panel.adjective = "thick";
      panel.depth = 0.0015;
      break;
  }
  return panel;
}

}  // namespace vitrine
