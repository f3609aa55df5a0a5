#include <cmath>
#include <numbers>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/noise.h"
#include "generate/palette.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

struct Pen {
  Drawing& page;
  Paint ink;
  double width;
};

void draw_leaf(const Pen& pen, Random& random, Point base, double angle, double size) {
  const Point tip = offset(base, angle, size);
  const double bend = random.between(-0.12, 0.12);
  Polyline outline = leaf_outline(base, tip, size * random.between(0.16, 0.2), bend);
  outline.push_back(outline.front());
  pen.page.line(outline, pen.width, pen.ink);
  const Point belly = offset(along(base, tip, 0.5), angle + kPi / 2, bend * size);
  pen.page.fill(
      stroke(smooth(std::array<Point, 3>{base, belly, along(base, tip, 0.92)}), pen.width * 0.8, pen.width * 0.3),
      pen.ink);
}

// One stem with pairs of leaves and a round or two behind it.
void draw_botanical(const Pen& pen, Random& random, const Palette& palette) {
  Drawing& page = pen.page;
  const double w = page.width();
  const double h = page.height();
  Paint moon = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
  moon.opacity = 0.55F;
  const double full = random.between(0.22, 0.3);
  page.fill(circle({w * random.between(0.4, 0.6), h * random.between(0.32, 0.42)}, full), moon);
  const int stems = 1 + random.index(3);
  for (int k = 0; k < stems; ++k) {
    const double spread = stems == 1 ? 0 : (k - (stems - 1) / 2.0) * 0.2;
    const std::array<Point, 4> points{
        Point{w * 0.5 + spread * 0.1, h * 0.9},
        {w * (0.5 + spread * 0.5 + random.between(-0.04, 0.04)), h * 0.65},
        {w * (0.5 + spread), h * 0.4},
        {w * (0.5 + spread * 1.6 + random.between(-0.05, 0.05)), h * (0.14 + 0.08 * std::abs(spread) * 5)}};
    const Polyline stem = smooth(points);
    page.fill(stroke(stem, pen.width * 1.3, pen.width * 0.7), pen.ink);
    const std::size_t count = 6;
    for (std::size_t i = 0; i <= count; ++i) {
      const std::size_t at = stem.size() / 4 + i * (stem.size() * 3 / 4 - 2) / count;
      const Point here = stem[at];
      const Point next = stem[std::min(at + 1, stem.size() - 1)];
      const double angle = std::atan2(next.y - here.y, next.x - here.x);
      const double size =
          (0.2 - 0.014 * static_cast<double>(i)) * (stems == 1 ? 1.1 : 0.8) * h / std::max(h, 1.3) * 1.3;
      if (i == count)
        draw_leaf(pen, random, here, angle, size * 0.8);
      else
        for (const double side : {-1.0, 1.0}) {
          const double long_as = size * random.between(0.85, 1.1);
          draw_leaf(pen, random, here, angle + side * random.between(0.6, 0.95), long_as);
        }
    }
  }
}

// Two faces that share lines, drawn as if the pen never left the paper.
void draw_face(const Pen& pen, Random& random, const Palette& palette) {
  Drawing& page = pen.page;
  const double s = std::min(page.height(), 1.5) * 0.78;
  const Point o{page.width() / 2 - 0.27 * s, page.height() / 2 - 0.5 * s};
  const auto wobble = [&] { return random.between(-0.012, 0.012); };
  const auto at = [&](double x, double y) { return Point{o.x + (x + wobble()) * s, o.y + (y + wobble()) * s}; };
  Paint blush = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
  blush.opacity = 0.7F;
  page.fill(blob(random, at(0.33, 0.5), 0.27 * s, 0.22), blush);
  blush.colour = blush.second = palette.colours[static_cast<std::size_t>(random.index(4))];
  page.fill(blob(random, at(0.18, 0.26), 0.13 * s, 0.2), blush);
  const std::vector<Point> way{at(0.08, 0.98),  at(0.13, 0.84),  at(0.02, 0.68), at(-0.02, 0.45), at(0.06, 0.2),
                               at(0.24, 0.05),  at(0.46, 0.06),  at(0.58, 0.2),  at(0.56, 0.34),  at(0.5, 0.36),
                               at(0.42, 0.33),  at(0.36, 0.37),  at(0.43, 0.41), at(0.52, 0.39),  at(0.57, 0.41),
                               at(0.6, 0.5),    at(0.65, 0.58),  at(0.57, 0.61), at(0.49, 0.6),   at(0.54, 0.655),
                               at(0.6, 0.67),   at(0.555, 0.69), at(0.46, 0.69), at(0.55, 0.7),   at(0.585, 0.725),
                               at(0.53, 0.755), at(0.55, 0.81),  at(0.46, 0.87), at(0.34, 0.83),  at(0.3, 0.9),
                               at(0.32, 1.0)};
  page.line(smooth(way), pen.width * 1.2, pen.ink);
  const std::vector<Point> brow{at(0.3, 0.31), at(0.38, 0.265), at(0.47, 0.285)};
  page.fill(stroke(smooth(brow), pen.width * 1.6, pen.width * 0.6), pen.ink);
  page.fill(circle(at(0.435, 0.375), 0.017 * s), pen.ink);
  const std::vector<Point> ear{at(0.16, 0.47), at(0.1, 0.42), at(0.08, 0.5), at(0.13, 0.57), at(0.17, 0.54)};
  page.line(smooth(ear), pen.width, pen.ink);
  for (int i = 0; i < 4; ++i) {
    const std::vector<Point> lock{at(0.5 - 0.05 * i, 0.075 + 0.005 * i), at(0.3 - 0.05 * i, 0.17 + 0.03 * i),
                                  at(0.16 - 0.04 * i, 0.33 + 0.05 * i)};
    page.fill(stroke(smooth(lock), pen.width, pen.width * 0.4), pen.ink);
  }
}

void draw_arcs(const Pen& pen, Random& random, const Palette& palette) {
  Drawing& page = pen.page;
  const double w = page.width();
  const double h = page.height();
  Paint sun = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
  page.fill(circle({w * random.between(0.58, 0.7), h * 0.26}, 0.1), sun);
  for (int k = 0; k < 3; ++k) {
    const Point middle{w * (0.2 + 0.3 * k + random.between(-0.05, 0.05)), h * (0.86 - 0.11 * k)};
    const double most = random.between(0.28, 0.4);
    page.fill(circle(middle, most), solid(palette.paper));
    for (double radius = most; radius > 0.02; radius -= 0.026)
      page.line(arc(middle, radius, -kPi, 0), pen.width, pen.ink);
  }
  page.fill(rectangle({0, h * 0.88}, w, h * 0.12), solid(palette.paper));
  page.line({{w * 0.08, h * 0.88}, {w * 0.92, h * 0.88}}, pen.width, pen.ink);
}

// Many level lines of a quiet landscape, one behind the other.
void draw_ridges(const Pen& pen, Random& random, const Palette& palette) {
  Drawing& page = pen.page;
  const double w = page.width();
  const double h = page.height();
  const std::uint32_t salt = random.salt();
  const double margin = 0.12;
  const Paint sun = solid(palette.colours[static_cast<std::size_t>(random.index(4))]);
  page.fill(circle({w * random.between(0.35, 0.65), h * 0.25}, 0.11), sun);
  const int lines = 46;
  for (int i = 0; i < lines; ++i) {
    const double base = h * (0.3 + 0.58 * i / (lines - 1));
    Polyline way;
    for (int k = 0; k <= 240; ++k) {
      const double u = k / 240.0;
      const double x = margin + (w - 2 * margin) * u;
      const double hill = std::exp(-std::pow((u - 0.5) * 3.1, 2));
      const float rise = ridged_noise(u * 3.2, i * 0.11, 4, salt);
      way.push_back({x, base - hill * 0.34 * std::max(0.0, static_cast<double>(rise) - 0.28) -
                            0.004 * static_cast<double>(noise(u * 40, i * 3.1, salt))});
    }
    Polyline mask = way;
    mask.push_back({w - margin, base + 0.06});
    mask.push_back({margin, base + 0.06});
    page.fill(mask, solid(palette.paper));
    page.line(way, pen.width * 0.75, pen.ink);
  }
}

}  // namespace

Image draw_line_art(Random& random, Size size) {
  Drawing page(size);
  const Palette palette = choose_palette(random);
  const Pen pen{page, solid(palette.ink), random.between(0.0045, 0.0065)};
  switch (random.index(5)) {
    case 0:
    case 1:
      draw_botanical(pen, random, palette);
      break;
    case 2:
      draw_face(pen, random, palette);
      break;
    case 3:
      draw_arcs(pen, random, palette);
      break;
    default:
      draw_ridges(pen, random, palette);
      break;
  }
  return page.render(palette.paper, 0.01F, random.salt());
}

}  // namespace vitrine
