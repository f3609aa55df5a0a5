#include <cmath>
#include <numbers>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/palette.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

// A chip of stone: a convex polygon with uneven corners.
Polyline chip(Random& random, Point middle, double size) {
  const int corners = 4 + random.index(3);
  const double start = random.between(0, 2 * kPi);
  const double squeeze = random.between(0.55, 1);
  const double turn = random.between(0, kPi);
  Polyline outline;
  for (int i = 0; i < corners; ++i) {
    const double angle = start + 2 * kPi * (i + random.between(-0.25, 0.25)) / corners;
    const Point p = offset({0, 0}, angle, size * random.between(0.8, 1.1));
    outline.push_back({middle.x + p.x * std::cos(turn) - p.y * squeeze * std::sin(turn),
                       middle.y + p.x * std::sin(turn) + p.y * squeeze * std::cos(turn)});
  }
  return outline;
}

void draw_terrazzo(Drawing& page, Random& random, const Palette& palette) {
  struct Disc {
    Point middle;
    double radius;
  };
  std::vector<Disc> discs;
  // Large stones first, smaller ones into the gaps.
  for (int i = 0; i < 2600; ++i) {
    const double s = i / 2600.0;
    const Disc disc{{random.between(-0.03, page.width() + 0.03), random.between(-0.03, page.height() + 0.03)},
                    0.052 * (1 - s) * (1 - s) + 0.005};
    bool free = true;
    for (const Disc& other : discs)
      free = free && distance(disc.middle, other.middle) > disc.radius * 1.05 + other.radius * 1.05 + 0.003;
    if (!free) continue;
    discs.push_back(disc);
    Paint paint = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
    paint.speckle = 0.22F;
    paint.salt = random.salt();
    page.fill(chip(random, disc.middle, disc.radius), paint);
  }
}

void draw_waves(Drawing& page, Random& random, const Palette& palette) {
  const double pitch = random.between(0.07, 0.1);
  const double swing = random.between(0.02, 0.05);
  const double period = random.between(0.35, 0.6);
  const int bands = static_cast<int>((page.height() + 0.2) / pitch) + 2;
  const double phase = random.between(0, 6);
  for (int i = 0; i < bands; ++i) {
    Polyline outline;
    for (int k = 0; k <= 160; ++k) {
      const double x = (page.width() + 0.04) * k / 160 - 0.02;
      outline.push_back({x, i * pitch - 0.1 + swing * std::sin(2 * kPi * x / period + phase) +
                                0.4 * swing * std::sin(4.4 * kPi * x / period + phase + i * 0.25)});
    }
    outline.push_back({page.width() + 0.02, page.height() + 0.2});
    outline.push_back({-0.02, page.height() + 0.2});
    Paint paint = solid(i % 5 == 4 ? palette.paper : palette.colours[static_cast<std::size_t>(i % 5)]);
    paint.speckle = 0.18F;
    paint.salt = random.salt();
    page.fill(outline, paint);
  }
}

void draw_fans(Drawing& page, Random& random, const Palette& palette) {
  const double radius = page.width() / (2 * (3 + random.index(3)));
  const Rgb line = palette.ink;
  const int rows = static_cast<int>(page.height() / (radius * 0.5)) + 3;
  for (int row = 0; row < rows; ++row)
    for (double x = row % 2 ? 0 : -radius; x < page.width() + 2 * radius; x += 2 * radius) {
      const Point middle{x + (row % 2 ? 0 : radius) - radius, row * radius * 0.5 + radius * 0.2};
      for (int i = 0; i < 5; ++i) {
        const double size = radius * (1 - 0.2 * i);
        page.fill(circle(middle, size), solid(line));
        page.fill(circle(middle, size - 0.004),
                  solid(i == 4  ? palette.colours[3]
                        : i % 2 ? palette.paper
                                : palette.colours[static_cast<std::size_t>((row + i / 2) % 3)]));
      }
    }
}

// Square tiles with quarter rings that join into loops (Truchet).
void draw_loops(Drawing& page, Random& random, const Palette& palette) {
  const int columns = 6 + random.index(4);
  const double side = page.width() / columns;
  const int rows = static_cast<int>(page.height() / side) + 1;
  const double band = side * 0.34;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const Point corner{x * side, y * side};
      page.fill(rectangle(corner, side + page.pixel(), side + page.pixel()), solid(palette.paper));
      const bool flip = random.chance(0.5);
      const Point a = flip ? corner : Point{corner.x + side, corner.y};
      const Point b = flip ? Point{corner.x + side, corner.y + side} : Point{corner.x, corner.y + side};
      const double start = flip ? 0 : kPi / 2;
      for (const auto& [point, angle] : {std::pair{a, start}, std::pair{b, start + kPi}}) {
        page.fill(ring(point, side / 2 + band / 2, band, angle, angle + kPi / 2), solid(palette.colours[0]));
        page.fill(ring(point, side / 2 + band * 0.1, band * 0.2, angle, angle + kPi / 2), solid(palette.colours[1]));
      }
    }
}

void draw_leaves(Drawing& page, Random& random, const Palette& palette) {
  const double cell = random.between(0.15, 0.2);
  const int rows = static_cast<int>(page.height() / cell) + 3;
  const int columns = static_cast<int>(page.width() / cell) + 3;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const Point middle{(x - 0.5 + (y % 2 ? 0.5 : 0.0)) * cell, (y - 0.5) * cell};
      const double angle = (y % 2 ? 0.9 : -0.9) - kPi / 2 + random.between(-0.12, 0.12);
      const Rgb colour = palette.colours[static_cast<std::size_t>((x + 2 * y) % 4)];
      const Point root = offset(middle, angle, -cell * 0.42);
      for (int i = 0; i < 6; ++i) {
        const Point joint = offset(root, angle, cell * (0.12 + 0.12 * i));
        for (const double side : {-1.0, 1.0})
          page.fill(leaf_outline(joint, offset(joint, angle + side * 0.75, cell * (0.32 - 0.025 * i)), cell * 0.055, 0),
                    solid(colour));
      }
      page.line({root, offset(root, angle, cell * 0.85)}, 0.004, solid(palette.ink));
    }
}

}  // namespace

Image draw_pattern(Random& random, Size size) {
  Drawing page(size);
  const Palette palette = choose_palette(random);
  switch (random.index(5)) {
    case 0:
      draw_terrazzo(page, random, palette);
      break;
    case 1:
      draw_waves(page, random, palette);
      break;
    case 2:
      draw_fans(page, random, palette);
      break;
    case 3:
      draw_loops(page, random, palette);
      break;
    default:
      draw_leaves(page, random, palette);
      break;
  }
  return page.render(palette.paper, 0.01F, random.salt());
}

}  // namespace vitrine
