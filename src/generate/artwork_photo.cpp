#include <cmath>

#include "generate/artwork.h"
#include "generate/drawing.h"
#include "generate/noise.h"

namespace vitrine {
namespace {

struct Weather {
  Rgb zenith, horizon, sun, haze, rock, water, wood;
};

Weather choose_weather(Random& random) {
  switch (random.index(5)) {
    case 0:  // clear morning
      return {from_hex(0x3F78B5), from_hex(0xE8D9C2), from_hex(0xFFF1D0), from_hex(0xB9CBD8),
              from_hex(0x4A5866), from_hex(0x2F5A73), from_hex(0x1E2F2A)};
    case 1:  // evening red
      return {from_hex(0x2E3A66), from_hex(0xF2A65E), from_hex(0xFFE2A8), from_hex(0xD98C6A),
              from_hex(0x4B3A52), from_hex(0x3A3555), from_hex(0x1B1A26)};
    case 2:  // mist
      return {from_hex(0x9FB1BB), from_hex(0xE3E4DF), from_hex(0xF7F3E6), from_hex(0xC9D2D3),
              from_hex(0x55666A), from_hex(0x7B9098), from_hex(0x27383A)};
    case 3:  // blue hour
      return {from_hex(0x16264A), from_hex(0xC98F9B), from_hex(0xFFD9C4), from_hex(0x6F7FA8),
              from_hex(0x2C3858), from_hex(0x1C2C52), from_hex(0x0E1626)};
    default:  // golden
      return {from_hex(0x6FA3BF), from_hex(0xF7DDA4), from_hex(0xFFF4CF), from_hex(0xE3C08F),
              from_hex(0x6B5A45), from_hex(0x5B7268), from_hex(0x2A2A1C)};
  }
}

struct Ridge {
  std::vector<float> crest;  ///< Height on the page per pixel column, in units.
  float depth = 0;           ///< 0 near, 1 far.
  std::uint32_t salt = 0;
};

// A landscape seen over water: what each point of the page shows. Columns of the ridges are worked out once.
class Landscape {
 public:
  Landscape(Random& random, Size size)
      : scale_(std::min(size.width, size.height)),
        width_(size.width / scale_),
        height_(size.height / scale_),
        weather_(choose_weather(random)),
        salt_(random.salt()),
        sun_{width_ * random.between(0.25, 0.75), 0},
        shore_(height_ * random.between(0.6, 0.72)) {
    sun_.y = shore_ - height_ * random.between(0.18, 0.36);
    clouds_ = static_cast<float>(random.between(0.2, 0.85));
    const int count = 4 + random.index(2);
    for (int i = 0; i < count; ++i)
      add_ridge(random, size.width, 1 - static_cast<float>(i) / static_cast<float>(count - 1));
  }

  Rgb at(Point p) const { return p.y < shore_ ? land(p) : water(p); }
  double width() const { return width_; }
  double height() const { return height_; }
  double shore() const { return shore_; }
  Rgb wood() const { return weather_.wood; }

 private:
  void add_ridge(Random& random, int columns, float depth) {
    Ridge ridge;
    ridge.depth = depth;
    ridge.salt = random.salt();
    const double base = shore_ - height_ * (0.02 + 0.1 * static_cast<double>(depth));
    const double rise = height_ * (0.1 + 0.2 * static_cast<double>(depth)) * random.between(0.8, 1.2);
    for (int x = 0; x < columns; ++x) {
      const double u = x / scale_;
      const float rough = ridged_noise(u * 1.6 + 7, static_cast<double>(depth) * 9, 7, ridge.salt);
      const float broad = noise(u * 1.1, static_cast<double>(depth) * 5, ridge.salt ^ 4U);
      ridge.crest.push_back(static_cast<float>(
          base - rise * (static_cast<double>(rough) * 0.95 + static_cast<double>(broad) * 0.4 - 0.3)));
    }
    ridges_.push_back(std::move(ridge));
  }

  Rgb sky(Point p) const {
    const double up = std::clamp((shore_ - p.y) / shore_, 0.0, 1.0);
    Rgb colour = mix(weather_.horizon, weather_.zenith, ramp(0.02, 0.95, up));
    const float off = static_cast<float>(std::sqrt((p.x - sun_.x) * (p.x - sun_.x) + (p.y - sun_.y) * (p.y - sun_.y)));
    colour += weather_.sun * (0.9F * std::exp(-off * off * 70) + 0.28F * std::exp(-off * 3.2F));
    const double stretch = 1.5 + 2.5 * (1 - up);
    if (up < 0.02) return colour;
    const float cloud = fractal_noise(p.x * 2.2, p.y * 2.2 * stretch + 3, 5, salt_);
    const float cover = clouds_ * ramp(0.02, 0.5, cloud);
    const Rgb lit = mix(weather_.horizon, weather_.sun, std::exp(-off * 1.6F) * 0.8F + 0.2F) * (0.9F + 0.25F * cloud);
    return mix(colour, lit, cover * 0.8F);
  }

  Rgb land(Point p) const {
    const std::size_t column =
        static_cast<std::size_t>(std::clamp(p.x * scale_, 0.0, static_cast<double>(ridges_.front().crest.size()) - 1));
    // From the nearest ridge back: the first that rises above the point hides the rest.
    for (std::size_t i = ridges_.size(); i-- > 0;) {
      const Ridge& ridge = ridges_[i];
      const double below = (p.y - static_cast<double>(ridge.crest[column])) * scale_;
      if (below <= -0.5) continue;
      const Rgb stone = rock(ridge, p, column);
      if (below >= 0.5) return stone;
      return mix(i == 0 ? sky(p) : behind(i, p, column), stone, static_cast<float>(below + 0.5));
    }
    return sky(p);
  }

  Rgb behind(std::size_t i, Point p, std::size_t column) const {
    for (; i-- > 0;)
      if (p.y >= static_cast<double>(ridges_[i].crest[column])) return rock(ridges_[i], p, column);
    return sky(p);
  }

  Rgb rock(const Ridge& ridge, Point p, std::size_t column) const {
    const float below = static_cast<float>(p.y) - ridge.crest[column];
    // Gullies run down the slope; sun from its side, snow high up.
    const double skew = p.x + static_cast<double>(below) * 0.5;
    const float gully = fractal_noise(skew * 22, p.y * 10, 4, ridge.salt ^ 8U);
    // Boulders and trees, as fine as the page can show.
    const float fine =
        noise(p.x * 240, p.y * 170, ridge.salt ^ 2U) + 0.7F * noise(p.x * 610, p.y * 430, ridge.salt ^ 3U);
    const float lit = std::clamp(0.66F + 1.05F * gully + 0.24F * fine * (1.2F - ridge.depth), 0.08F, 1.7F);
    Rgb colour = mix(weather_.rock, weather_.wood, 0.75F * (1 - ridge.depth)) * lit;
    const float snow =
        ridge.depth > 0.55F ? ramp(0.1, -0.02, static_cast<double>(below) - 0.05 * static_cast<double>(gully)) : 0;
    colour = mix(colour, weather_.horizon * (0.75F + 0.35F * gully), 0.65F * snow);
    const float haze = std::clamp(0.06F + 0.6F * ridge.depth + 0.9F * below * ridge.depth, 0.0F, 0.9F);
    return mix(colour, mix(weather_.haze, weather_.horizon, 0.35F), haze);
  }

  Rgb water(Point p) const {
    const double below = (p.y - shore_) / (height_ - shore_);
    const double stretch = 90 / (0.35 + 3 * below);
    const float ripple = noise(p.x * stretch * 0.35, p.y * stretch * 2.6, salt_ ^ 3U) +
                         0.6F * noise(p.x * stretch, p.y * stretch * 6, salt_ ^ 6U);
    const Point mirrored{std::clamp(p.x + 0.006 * static_cast<double>(ripple), 0.0, width_),
                         shore_ - (p.y - shore_) * 0.92 - 0.012 * static_cast<double>(ripple) * (0.2 + below) - 0.001};
    const Rgb seen = land({mirrored.x, std::max(mirrored.y, 0.0)});
    const float depth = static_cast<float>(0.18 + 0.5 * below);
    Rgb colour = mix(seen * 0.9F, weather_.water, depth);
    const double off = std::abs(p.x - sun_.x) / (0.035 + 0.1 * below);
    const float glint = ramp(0.35, 0.95, static_cast<double>(ripple)) * static_cast<float>(std::exp(-off * off));
    return colour + weather_.sun * (0.85F * glint) + weather_.horizon * (0.04F * ripple);
  }

  double scale_, width_, height_;
  Weather weather_;
  std::uint32_t salt_;
  Point sun_;
  double shore_;
  float clouds_ = 0.5F;
  std::vector<Ridge> ridges_;
};

// A fir as a silhouette: boughs that droop, denser to the top.
Path fir(Random& random, Point foot, double height) {
  Path path = stroke({foot, {foot.x, foot.y - height}}, height * 0.03, height * 0.006);
  const int tiers = 15 + random.index(5);
  for (int i = 0; i < tiers; ++i) {
    const double s = (i + 0.3) / tiers;
    const double y = foot.y - height * (1 - s * 0.93);
    const double reach = height * 0.2 * std::pow(s, 0.85) * random.between(0.75, 1.15);
    for (const double side : {-1.0, 1.0}) {
      const Point tip{foot.x + side * reach * random.between(0.8, 1.1), y + height * 0.055 * random.between(0.7, 1.3)};
      Polyline bough{{foot.x, y - height * 0.03},
                     tip,
                     {foot.x + side * reach * 0.45, y + height * 0.032},
                     {foot.x, y + height * 0.03}};
      if (signed_area(bough) < 0) std::reverse(bough.begin(), bough.end());
      path.push_back(std::move(bough));
    }
  }
  return path;
}

void plant_firs(Drawing& page, Random& random, const Landscape& landscape) {
  const double h = landscape.height();
  const double side = random.chance(0.5) ? 0 : landscape.width();
  Polyline bank{{side, h + 0.02}, {side, h * 0.86}};
  for (int i = 1; i <= 12; ++i) {
    const double s = i / 12.0;
    bank.push_back({side + (side > 0 ? -1 : 1) * s * 0.75 * landscape.width(),
                    h * (0.86 + 0.15 * s * s) + random.between(-0.006, 0.006)});
  }
  const Paint paint = solid(landscape.wood() * 0.55F);
  page.fill(bank, paint);
  const int count = 12 + random.index(10);
  for (int i = 0; i < count; ++i) {
    const double s = random.uniform();
    const Point foot{side + (side > 0 ? -1 : 1) * s * 0.5 * landscape.width(), h * (0.875 + 0.14 * s * s)};
    page.fill(fir(random, foot, (0.34 - 0.22 * s) * random.between(0.6, 1.1)), paint);
  }
}

}  // namespace

Image draw_photo(Random& random, Size size) {
  Drawing page(size);
  const Landscape landscape(random, size);
  if (random.chance(0.75)) plant_firs(page, random, landscape);
  return page.render([&](Point p) { return landscape.at(p); }, 0.025F, random.salt());
}

}  // namespace vitrine
