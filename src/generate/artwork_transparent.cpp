#include <cmath>
#include <numbers>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/palette.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

void draw_twig(Drawing& page, Random& random, const Palette& palette, Point root, double angle, double size) {
  const Paint stem = solid(mix(palette.colours[2], from_hex(0x3A2E22), 0.5F));
  page.fill(stroke({root, offset(root, angle, size)}, 0.007, 0.003), stem);
  for (int i = 0; i < 7; ++i) {
    const Point joint = offset(root, angle, size * (0.15 + 0.13 * i));
    for (const double side : {-1.0, 1.0}) {
      Paint leaf = solid(palette.colours[static_cast<std::size_t>(random.index(3))]);
      leaf.second = leaf.colour * 0.7F;
      const double turn = angle + side * random.between(0.6, 0.9);
      const Point tip = offset(joint, turn, size * random.between(0.26, 0.34));
      leaf.from = joint;
      leaf.to = tip;
      leaf.opacity = 0.92F;
      page.fill(leaf_outline(joint, tip, size * 0.055, side * 0.06), leaf);
    }
  }
}

void draw_blossom(Drawing& page, Random& random, const Palette& palette, Point middle, double radius) {
  const int petals = 6 + random.index(4);
  const double start = random.between(0, kPi);
  const Rgb colour = palette.colours[static_cast<std::size_t>(random.index(4))];
  for (int ring_index = 0; ring_index < 2; ++ring_index)
    for (int i = 0; i < petals; ++i) {
      const double angle = start + ring_index * kPi / petals + 2 * kPi * i / petals;
      const double reach = radius * (ring_index ? 0.68 : 1);
      Paint petal = solid(mix(colour, from_hex(0xFFFFFF), 0.2F * static_cast<float>(ring_index)));
      petal.second = mix(petal.colour, from_hex(0xFFF6EA), 0.45F);
      petal.from = middle;
      petal.to = offset(middle, angle, reach);
      petal.opacity = 0.9F;
      page.fill(ellipse(offset(middle, angle, reach * 0.58), reach * 0.44, reach * 0.24, angle), petal);
    }
  page.fill(circle(middle, radius * 0.2), solid(from_hex(0xE3B04B)));
  for (int i = 0; i < 14; ++i) {
    const double away = radius * random.between(0.04, 0.18);
    page.fill(circle(offset(middle, random.between(0, 2 * kPi), away), radius * 0.022), solid(from_hex(0x7A4A1E)));
  }
}

void draw_wreath(Drawing& page, Random& random, const Palette& palette, Point middle) {
  const double radius = 0.32;
  for (int i = 0; i < 16; ++i) {
    const double angle = 2 * kPi * i / 16;
    const double heading = angle + kPi / 2 + random.between(-0.25, 0.25);
    draw_twig(page, random, palette, offset(middle, angle, radius * random.between(0.95, 1.05)), heading, 0.17);
  }
  for (int i = 0; i < 9; ++i) {
    const double size = random.between(0.045, 0.08);
    const double away = radius * random.between(0.94, 1.06);
    const double angle = 2 * kPi * i / 9 + random.between(-0.15, 0.15);
    draw_blossom(page, random, palette, offset(middle, angle, away), size);
  }
}

void draw_bouquet(Drawing& page, Random& random, const Palette& palette, Point middle) {
  const Point hand{middle.x, middle.y + 0.34};
  for (int i = 0; i < 9; ++i)
    draw_twig(page, random, palette, along(hand, middle, 0.3), -kPi / 2 + (i - 4) * 0.22, random.between(0.36, 0.5));
  for (int i = 0; i < 9; ++i) {
    const double angle = -kPi / 2 + (i % 5 - 2) * 0.42 + (i / 5) * 0.2;
    draw_blossom(page, random, palette, offset(along(hand, middle, 0.5), angle, i < 5 ? 0.34 : 0.2),
                 random.between(0.07, 0.1));
  }
}

void draw_sun(Drawing& page, Random& random, const Palette& palette, Point middle) {
  const int rays = 24;
  for (int i = 0; i < rays; ++i) {
    const double angle = 2 * kPi * i / rays;
    const double reach = i % 2 ? 0.42 : 0.34;
    page.fill(leaf_outline(offset(middle, angle, 0.2), offset(middle, angle, reach), 0.016, 0),
              solid(palette.colours[static_cast<std::size_t>(i % 4)]));
  }
  Paint disc = solid(palette.colours[1]);
  disc.second = palette.colours[0];
  disc.from = {middle.x, middle.y - 0.17};
  disc.to = {middle.x, middle.y + 0.17};
  page.fill(circle(middle, 0.175), disc);
  page.line(arc(middle, 0.145, 0, 2 * kPi), 0.004, solid(palette.paper));
  for (int i = 0; i < 30; ++i) {
    const double size = random.between(0.002, 0.006);
    const double away = random.between(0.36, 0.46);
    page.fill(circle(offset(middle, random.between(0, 2 * kPi), away), size), solid(palette.colours[2]));
  }
}

}  // namespace

Image draw_transparent(Random& random, Size size) {
  Drawing page(size);
  Palette palette = choose_palette(random);
  const Point middle{page.width() / 2, page.height() / 2};
  // A soft shine behind the motif, for edges that are far from hard.
  Paint shine = solid(palette.colours[3]);
  shine.opacity = 0.5F;
  shine.feather = 0.85F;
  page.fill(circle(middle, 0.48), shine);
  switch (random.index(3)) {
    case 0:
      draw_wreath(page, random, palette, middle);
      break;
    case 1:
      draw_bouquet(page, random, palette, middle);
      break;
    default:
      draw_sun(page, random, palette, middle);
      break;
  }
  return page.render_transparent();
}

}  // namespace vitrine
