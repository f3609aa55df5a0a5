#include <cmath>
#include <numbers>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/palette.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

Paint printed(Random& random, Rgb colour) {
  Paint paint = solid(colour);
  paint.speckle = 0.35F;
  paint.salt = random.salt();
  return paint;
}

// Arches, a sun and hills, as in prints of the middle of the last century.
void draw_arches(Drawing& page, Random& random, const Palette& palette) {
  const double w = page.width();
  const double h = page.height();
  const double ground = h * random.between(0.78, 0.84);
  const Point sun{w * random.between(0.3, 0.7), h * random.between(0.2, 0.28)};
  const Paint shine = printed(random, palette.colours[1]);
  page.fill(circle(sun, random.between(0.12, 0.17)), shine);
  const double middle = w * random.between(0.42, 0.58);
  const double wide = random.between(0.56, 0.68);
  const int rings = 4;
  for (int i = 0; i < rings; ++i) {
    const double size = wide * (1 - i * 0.235);
    page.fill(arch({middle, ground}, size, size * 0.92),
              printed(random, palette.colours[static_cast<std::size_t>((i + 2) % 4)]));
    page.fill(arch({middle, ground}, size - 0.075, size * 0.92 - 0.0375), solid(palette.paper));
  }
  page.fill(arch({middle, ground}, wide * 0.13, wide * 0.2), printed(random, palette.colours[0]));
  const Polyline hill = smooth(std::array<Point, 5>{Point{-0.1, ground + 0.03},
                                                    {w * 0.25, ground - 0.05},
                                                    {w * 0.55, ground + 0.02},
                                                    {w * 0.8, ground - 0.03},
                                                    {w + 0.1, ground + 0.02}});
  Polyline land = hill;
  land.push_back({w + 0.1, h + 0.1});
  land.push_back({-0.1, h + 0.1});
  page.fill(land, printed(random, palette.colours[2]));
  const Point root{w * (middle > w / 2 ? 0.14 : 0.86), ground + 0.04};
  const Point top{root.x + random.between(-0.05, 0.05), h * 0.45};
  page.line(smooth(std::array<Point, 3>{root, along({root.x + 0.02, root.y}, top, 0.5), top}), 0.006,
            solid(palette.ink));
  for (int i = 0; i < 9; ++i) {
    const Point joint = along(root, top, 0.3 + 0.075 * i);
    const double angle = -kPi / 2 + (i % 2 ? 0.9 : -0.9);
    page.fill(leaf_outline(joint, offset(joint, angle, 0.1 - 0.005 * i), 0.02, 0), printed(random, palette.colours[0]));
  }
}

void draw_cell(Drawing& page, Random& random, const Palette& palette, Point corner, double side) {
  const std::size_t back = static_cast<std::size_t>(random.index(5));
  const Rgb ground = back == 4 ? palette.paper : palette.colours[back];
  const Rgb front = palette.colours[(back + 1 + static_cast<std::size_t>(random.index(3))) % 4];
  page.fill(rectangle(corner, side, side), printed(random, ground));
  const Paint paint = printed(random, front);
  const Point middle{corner.x + side / 2, corner.y + side / 2};
  const double quarter = random.index(4) * kPi / 2;
  const Point far = offset(middle, quarter + kPi * 1.25, side * std::numbers::sqrt2 / 2);
  switch (random.index(7)) {
    case 0:
      page.fill(sector(far, side, quarter, quarter + kPi / 2), paint);
      break;
    case 1:
      page.fill(sector(offset(middle, quarter + kPi, side / 2), side / 2, quarter - kPi / 2, quarter + kPi / 2), paint);
      break;
    case 2:
      page.fill(circle(middle, side * 0.36), paint);
      break;
    case 3:
      for (int i = 0; i < 4; ++i)
        page.fill(ring(far, side * (1 - i * 0.25), side * 0.125, quarter, quarter + kPi / 2), paint);
      break;
    case 4:
      page.fill(Polyline{offset(middle, quarter + kPi * 0.25, side * 0.7071),
                         offset(middle, quarter + kPi * 0.75, side * 0.7071),
                         offset(middle, quarter + kPi * 1.25, side * 0.7071)},
                paint);
      break;
    case 5:
      page.fill(circle(middle, side * 0.4), paint);
      page.fill(circle(middle, side * 0.2), printed(random, ground));
      break;
    default:
      for (int i = 0; i < 4; ++i)
        page.fill(rectangle({corner.x, corner.y + side * i * 0.25}, side, side * 0.125), paint);
  }
}

void draw_grid(Drawing& page, Random& random, const Palette& palette) {
  const double margin = 0.09;
  const int columns = 4 + random.index(2);
  const double side = (page.width() - 2 * margin) / columns;
  const int rows = std::max(1, static_cast<int>((page.height() - 2 * margin) / side));
  const double top = (page.height() - rows * side) / 2;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x)
      draw_cell(page, random, palette, {margin + x * side, top + y * side}, side + page.pixel() * 0.02);
}

void draw_pebbles(Drawing& page, Random& random, const Palette& palette) {
  const double w = page.width();
  const double h = page.height();
  const int count = 4 + random.index(2);
  for (int i = 0; i < count; ++i) {
    const Point middle{w * (0.5 + random.between(-0.22, 0.22)), h * (0.22 + 0.58 * i / (count - 1))};
    Paint paint = printed(random, palette.colours[static_cast<std::size_t>(i % 4)]);
    paint.opacity = 0.94F;
    page.fill(blob(random, middle, random.between(0.16, 0.27), 0.22), paint);
  }
  const Paint ink = solid(palette.ink);
  for (int i = 0; i < 3; ++i) {
    const Point middle{w * random.between(0.3, 0.7), h * random.between(0.2, 0.8)};
    Polyline outline = blob(random, middle, random.between(0.12, 0.2), 0.25);
    outline.push_back(outline.front());
    page.line(outline, 0.0045, ink);
  }
  const Point at{w * random.between(0.25, 0.4), h * random.between(0.3, 0.6)};
  for (int y = 0; y < 7; ++y)
    for (int x = 0; x < 5; ++x) page.fill(circle({at.x + x * 0.028 + (y % 2) * 0.014, at.y + y * 0.026}, 0.0055), ink);
}

// Pools of water colour around a fine metallic ring.
void draw_washes(Drawing& page, Random& random, const Palette& palette) {
  const double w = page.width();
  const double h = page.height();
  const double lean = random.between(-0.15, 0.15);
  for (int i = 0; i < 16; ++i) {
    const double s = i / 15.0;
    Paint paint = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
    paint.opacity = static_cast<float>(random.between(0.28, 0.55));
    paint.wash = 0.9F;
    paint.salt = random.salt();
    const Point middle{w * (0.5 + lean * (s - 0.5) * 2) + random.between(-0.16, 0.16), h * (0.2 + 0.6 * s)};
    const double size = random.between(0.1, 0.24);
    // Three skins, each a little smaller: colour gathers unevenly towards the middle.
    for (const double skin : {1.0, 0.93, 0.82}) {
      Random same = random;
      page.fill(blob(same, middle, size * skin, 0.3), paint);
    }
    random.bits();
  }
  Paint gold = solid(from_hex(0xB98F4C));
  gold.second = from_hex(0xE6CD94);
  gold.from = {w * 0.2, h * 0.2};
  gold.to = {w * 0.8, h * 0.8};
  const Point middle{w / 2 + random.between(-0.06, 0.06), h / 2 + random.between(-0.1, 0.1)};
  const double start = random.between(0, 2 * kPi);
  page.line(arc(middle, 0.33, start, start + 5.2), 0.006, gold);
  page.line(arc({middle.x + 0.015, middle.y + 0.012}, 0.35, start + 2.5, start + 6.6), 0.0028, gold);
  for (int i = 0; i < 22; ++i) {
    const double size = random.between(0.0015, 0.006);
    const double away = random.between(0.2, 0.44);
    page.fill(circle(offset(middle, random.between(0, 2 * kPi), away), size), gold);
  }
}

}  // namespace

Image draw_abstract(Random& random, Size size) {
  Drawing page(size);
  const Palette palette = choose_palette(random);
  switch (random.index(4)) {
    case 0:
      draw_arches(page, random, palette);
      break;
    case 1:
      draw_grid(page, random, palette);
      break;
    case 2:
      draw_pebbles(page, random, palette);
      break;
    default:
      draw_washes(page, random, palette);
      break;
  }
  return page.render(palette.paper, 0.012F, random.salt());
}

}  // namespace vitrine
