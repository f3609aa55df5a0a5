#include "generate/lettering.h"

#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace vitrine {
namespace {

// Strokes on a box 100 high, y down: m x y starts a line, l x y goes on, a cx cy rx ry from to is a bow (degrees,
// clockwise from the right) that goes on too.
struct Glyph {
  char letter;
  double width;
  const char* strokes;
};
constexpr std::array<Glyph, 45> kGlyphs{{
    {'A', 72, "m 0 100 l 36 0 l 72 100 m 13 66 l 59 66"},
    {'B', 57, "m 0 48 l 30 48 a 30 24 22 24 90 -90 l 0 0 l 0 100 l 31 100 a 31 74 26 26 90 -90"},
    {'C', 78, "a 48 50 48 50 -50 -310"},
    {'D', 74, "m 0 0 l 26 0 a 26 50 48 50 -90 90 l 0 100 l 0 0"},
    {'E', 48, "m 48 0 l 0 0 l 0 100 l 48 100 m 0 49 l 42 49"},
    {'F', 46, "m 46 0 l 0 0 l 0 100 m 0 50 l 40 50"},
    {'G', 90, "a 48 50 48 50 -46 -360 l 56 50"},
    {'H', 66, "m 0 0 l 0 100 m 66 0 l 66 100 m 0 49 l 66 49"},
    {'I', 0, "m 0 0 l 0 100"},
    {'J', 40, "m 40 0 l 40 76 a 20 76 20 24 0 160"},
    {'K', 58, "m 0 0 l 0 100 m 55 0 l 0 62 m 21 40 l 58 100"},
    {'L', 44, "m 0 0 l 0 100 l 44 100"},
    {'M', 86, "m 0 100 l 0 0 l 43 68 l 86 0 l 86 100"},
    {'N', 68, "m 0 100 l 0 0 l 68 100 l 68 0"},
    {'O', 98, "a 49 50 49 50 -90 270"},
    {'P', 54, "m 0 100 l 0 0 l 27 0 a 27 28 27 28 -90 90 l 0 56"},
    {'Q', 98, "a 49 50 49 50 -90 270 m 62 70 l 94 102"},
    {'R', 57, "m 0 100 l 0 0 l 28 0 a 28 27 26 27 -90 90 l 0 54 m 28 54 l 57 100"},
    {'S', 54, "a 27 25 23 25 -35 -270 a 27 75 27 25 -90 155"},
    {'T', 64, "m 0 0 l 64 0 m 32 0 l 32 100"},
    {'U', 64, "m 0 0 l 0 68 a 32 68 32 32 180 0 l 64 0"},
    {'V', 70, "m 0 0 l 35 100 l 70 0"},
    {'W', 106, "m 0 0 l 27 100 l 53 10 l 79 100 l 106 0"},
    {'X', 62, "m 0 0 l 62 100 m 62 0 l 0 100"},
    {'Y', 62, "m 0 0 l 31 50 l 62 0 m 31 50 l 31 100"},
    {'Z', 58, "m 0 0 l 58 0 l 0 100 l 58 100"},
    {'0', 62, "a 31 50 31 50 -90 270"},
    {'1', 24, "m 0 20 l 24 0 l 24 100"},
    {'2', 52, "a 26 27 25 27 -165 35 l 0 100 l 52 100"},
    {'3', 52, "a 25 25 23 25 -160 90 a 25 75 27 25 -90 155"},
    {'4', 58, "m 43 100 l 43 0 l 0 70 l 58 70"},
    {'5', 52, "m 46 0 l 8 0 l 4 46 a 25 68 27 32 -140 150"},
    {'6', 56, "a 28 69 28 31 -90 270 m 40 0 l 3 57"},
    {'7', 52, "m 0 0 l 52 0 l 16 100"},
    {'8', 54, "a 27 25 22 25 -90 270 a 27 75 27 25 -90 270"},
    {'9', 56, "a 28 31 28 31 -90 270 m 16 100 l 53 43"},
    {'.', 0, "m 0 98 l 0 99"},
    {',', 4, "m 4 97 l 0 112"},
    {'!', 0, "m 0 0 l 0 68 m 0 98 l 0 99"},
    {'-', 34, "m 0 54 l 34 54"},
    {'+', 46, "m 0 54 l 46 54 m 23 31 l 23 77"},
    {':', 0, "m 0 38 l 0 39 m 0 98 l 0 99"},
    {'/', 40, "m 40 0 l 0 100"},
    {'\'', 0, "m 0 0 l 0 20"},
    {' ', 26, ""},
}};

const Glyph& glyph_of(char letter) {
  if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  for (const Glyph& glyph : kGlyphs)
    if (glyph.letter == letter) return glyph;
  return kGlyphs.back();
}

class Strokes {
 public:
  explicit Strokes(const char* text) : rest_(text) {
    while (!rest_.empty()) {
      const char verb = rest_.front();
      rest_.remove_prefix(1);
      if (verb == 'm') lines_.emplace_back();
      if (verb == 'm' || verb == 'l') {
        const double x = number();
        lines_.back().push_back({x, number()});
      } else if (verb == 'a') {
        bow();
      }
    }
  }
  const std::vector<Polyline>& lines() const { return lines_; }

 private:
  double number() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    int value = 0;
    const auto end = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    rest_.remove_prefix(static_cast<std::size_t>(end.ptr - rest_.data()));
    return value;
  }

  void bow() {
    const double cx = number(), cy = number(), rx = number(), ry = number();
    const double from = number() * std::numbers::pi / 180, to = number() * std::numbers::pi / 180;
    if (lines_.empty()) lines_.emplace_back();
    constexpr int kParts = 40;
    for (int i = 0; i <= kParts; ++i) {
      const double angle = from + (to - from) * i / kParts;
      lines_.back().push_back({cx + rx * std::cos(angle), cy + ry * std::sin(angle)});
    }
  }

  std::string_view rest_;
  std::vector<Polyline> lines_;
};

}  // namespace

double width_of(std::string_view text, const Lettering& style) {
  double width = 0;
  for (const char letter : text) width += (glyph_of(letter).width / 100 + style.weight + style.tracking) * style.height;
  return text.empty() ? 0 : width - style.tracking * style.height;
}

Path letters(std::string_view text, Point start, const Lettering& style) {
  Path path;
  const double half = style.weight * style.height / 2;
  double x = start.x + half;
  for (const char letter : text) {
    const Glyph& glyph = glyph_of(letter);
    // The pen's middle stays half its width inside, so that the capital is as high as asked for.
    const double tall = style.height - 2 * half;
    const Strokes strokes(glyph.strokes);
    for (Polyline line : strokes.lines()) {
      for (Point& p : line) p = {x + p.x / 100 * style.height, start.y - half - tall * (1 - p.y / 100)};
      const Path pen = stroke(line, 2 * half);
      path.insert(path.end(), pen.begin(), pen.end());
    }
    x += (glyph.width / 100 + style.weight + style.tracking) * style.height;
  }
  return path;
}

double height_for(std::string_view text, double width, Lettering style) {
  style.height = 1;
  return width / std::max(width_of(text, style), 1e-9);
}

}  // namespace vitrine
