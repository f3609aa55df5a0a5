#include <cmath>
#include <numbers>
#include <string>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/lettering.h"
#include "generate/palette.h"

namespace vitrine {
namespace {

constexpr double kPi = std::numbers::pi;

using Lines = std::array<const char*, 3>;
constexpr std::array<Lines, 10> kQuotes{{{"STAY", "CURIOUS", ""},
                                         {"MAKE", "ROOM FOR", "LIGHT"},
                                         {"SLOW", "MORNINGS", ""},
                                         {"LESS", "BUT", "BETTER"},
                                         {"GOOD THINGS", "TAKE", "TIME"},
                                         {"BLOOM", "WHERE YOU", "ARE"},
                                         {"HELLO", "SUNSHINE", ""},
                                         {"FIND", "YOUR", "QUIET"},
                                         {"WORK", "HARD +", "BE KIND"},
                                         {"THE SEA", "IS", "CALLING"}}};
constexpr std::array<const char*, 8> kSmall{
    "A PRINT FOR SMALL ROOMS",  "EDITION OF ONE HUNDRED",       "PRESSED ON COTTON PAPER", "OPEN DAILY 10 - 18",
    "NORTH HALL, SECOND FLOOR", "HANG IT WHERE YOU CAN SEE IT", "NO. 27 / SPRING",         "COLOUR, LINE AND SPACE"};

void small_lines(Drawing& page, Random& random, Point start, int count, const Paint& ink) {
  const Lettering style{0.0165, 0.11, 0.19};
  const int first = random.index(static_cast<int>(kSmall.size()));
  for (int i = 0; i < count; ++i)
    page.fill(
        letters(kSmall[static_cast<std::size_t>(first + i) % kSmall.size()], {start.x, start.y + i * 0.034}, style),
        ink);
}

// Lines of one width, each as tall as that makes it, between two rules.
void draw_block(Drawing& page, Random& random, const Palette& palette) {
  const Lines& quote = random.pick(kQuotes);
  const double margin = 0.13;
  const double wide = page.width() - 2 * margin;
  Lettering style{0.1, random.between(0.13, 0.2), 0.11};
  const double gap = 0.05;
  double total = -gap;
  std::array<double, 3> heights{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (*quote[i] == '\0') continue;
    heights[i] = std::min(height_for(quote[i], wide, style), 0.42);
    total += heights[i] + gap;
  }
  const double room = page.height() - 0.42;
  const double shrink = std::min(1.0, room / total);
  double y = (page.height() - total * shrink) / 2 - 0.02;
  const Paint ink = solid(palette.ink);
  page.fill(rectangle({margin, y - 0.075}, wide, 0.007), ink);
  for (std::size_t i = 0; i < 3; ++i) {
    if (*quote[i] == '\0') continue;
    style.height = heights[i] * shrink;
    y += style.height;
    const double x = margin + (wide - width_of(quote[i], style)) / 2;
    page.fill(letters(quote[i], {x, y}, style), i == 1 ? solid(palette.colours[0]) : ink);
    y += gap * shrink;
  }
  page.fill(rectangle({margin, y + 0.02}, wide, 0.007), ink);
  small_lines(page, random, {margin, y + 0.075}, 2, ink);
}

// A poster for an exhibition that never was: shapes above, the title and small print below.
void draw_exhibition(Drawing& page, Random& random, const Palette& palette) {
  const double w = page.width();
  const double h = page.height();
  const double margin = 0.1;
  const double foot = h * 0.64;
  page.fill(rectangle({margin, margin}, w - 2 * margin, foot - margin),
            solid(mix(palette.paper, palette.colours[3], 0.55F)));
  const Point middle{w / 2, (margin + foot) / 2};
  const double size = std::min(w - 2 * margin, foot - margin);
  Paint first = solid(palette.colours[0]);
  first.speckle = 0.25F;
  first.salt = random.salt();
  Paint second = solid(palette.colours[2]);
  second.opacity = 0.9F;
  const double turn = random.index(4) * kPi / 2;
  page.fill(sector(offset(middle, turn, size * 0.06), size * 0.38, turn - kPi / 2, turn + kPi / 2), first);
  page.fill(circle(offset(middle, turn + kPi * 0.8, size * 0.2), size * 0.17), solid(palette.colours[1]));
  page.fill(rectangle({middle.x - size * 0.36, middle.y + size * 0.22}, size * 0.5, size * 0.1), second);
  for (int i = 0; i < 7; ++i)
    page.line({{middle.x + size * (0.12 + 0.035 * i), middle.y + size * 0.1},
               {middle.x + size * (0.12 + 0.035 * i), middle.y + size * 0.4}},
              0.006, solid(palette.ink));
  static constexpr std::array<const char*, 6> kTitles{"FORM", "RHYTHM", "STILL LIFE", "GARDEN", "TIDES", "HORIZON"};
  const char* title = random.pick(kTitles);
  Lettering style{0.1, 0.2, 0.08};
  style.height = std::min(0.14, height_for(title, w - 2 * margin, style));
  const double y = foot + 0.06 + style.height;
  page.fill(letters(title, {margin, y}, style), solid(palette.ink));
  small_lines(page, random, {margin, y + 0.06}, 3, solid(palette.ink));
  const std::string year = std::to_string(1955 + random.index(40));
  Lettering number{0.075, 0.1, 0.14};
  page.fill(letters(year, {w - margin - width_of(year, number), h - margin}, number), solid(palette.colours[0]));
}

// Words at the top left, over slanted bands that begin below them.
void draw_bands(Drawing& page, Random& random, const Palette& palette) {
  const double w = page.width();
  const double h = page.height();
  const Lines& quote = random.pick(kQuotes);
  const int count = quote[2][0] == '\0' ? 2 : 3;
  Lettering style{std::min(0.15, 0.4 * h / (count * 1.42)), 0.16, 0.08};
  for (const char* line : quote)
    if (*line != '\0') style.height = std::min(style.height, height_for(line, w - 0.22, style));
  double y = 0.11 + style.height;
  for (const char* line : quote) {
    if (*line == '\0') continue;
    page.fill(letters(line, {0.11, y}, style), solid(palette.ink));
    y += style.height * 1.42;
  }
  const double fall = std::min(0.22, 0.3 * (h - y)) * random.sign();
  const double first = y - style.height + std::abs(fall) + 0.03;
  for (int i = 0; i < 5; ++i) {
    const double top = first + (h - 0.1 - first) * i / 5.5;
    page.fill(Polyline{{-0.02, top + fall}, {w + 0.02, top - fall}, {w + 0.02, h + 0.05 + w}, {-0.02, h + 0.05 + w}},
              solid(i == 4 ? palette.ink : palette.colours[static_cast<std::size_t>(i)]));
  }
  if (fall < 0) small_lines(page, random, {0.11, h - 0.1}, 2, solid(palette.paper));
}

}  // namespace

Image draw_text(Random& random, Size size) {
  Drawing page(size);
  const Palette palette = choose_palette(random);
  switch (random.index(3)) {
    case 0:
      draw_block(page, random, palette);
      break;
    case 1:
      draw_exhibition(page, random, palette);
      break;
    default:
      draw_bands(page, random, palette);
      break;
  }
  return page.render(palette.paper, 0.01F, random.salt());
}

}  // namespace vitrine
