#include "generate/material.h"

#include <array>
#include <cmath>

#include "generate/noise.h"

namespace vitrine {
namespace {

// 1 inside a line of half width `half` at distance `off`, softened over a pixel.
float line(double off, double half, double footprint) {
  const double soft = std::max(footprint, 1e-6);
  const double cover = std::clamp((half - std::abs(off)) / soft + 0.5, 0.0, 1.0);
  // A line thinner than a pixel darkens it only by its share.
  return static_cast<float>(cover * std::min(1.0, 2 * half / soft));
}

// Detail of period `period` fades out as pixels grow to its size.
float visible(double period, double footprint) {
  return static_cast<float>(std::clamp(1.5 - 2 * footprint / period, 0.0, 1.0));
}

double wrapped(double value, double period) { return value - period * std::round(value / period); }

float bump(const Material& m, Point at, double period, int octaves) {
  const double step = period * 0.12;
  const double x = at.x / period;
  const double y = at.y / period;
  return fractal_noise(x - m.relief.x * step / period, y - m.relief.y * step / period, octaves, m.salt) -
         fractal_noise(x + m.relief.x * step / period, y + m.relief.y * step / period, octaves, m.salt);
}

// Year rings cut lengthwise: long wavering streaks, wide and narrow, with fine pores between.
float wood_grain(double along, double across, std::uint32_t salt, double footprint) {
  const double drift = across + 0.012 * static_cast<double>(noise(along * 1.7, across * 6, salt));
  const float broad = noise(along * 0.9, drift * 34, salt ^ 1U);
  const float rings = noise(along * 1.4, drift * 130, salt ^ 2U) * visible(0.02, footprint);
  const float pores = noise(along * 26, drift * 900, salt ^ 3U) * visible(0.0025, footprint);
  return 0.75F * broad + 0.55F * rings + 0.35F * pores;
}

Rgb paint(const Material& m, Point at, double footprint) {
  const float cloud = fractal_noise(at.x * 1.1, at.y * 1.1, 2, m.salt);
  const float roller = noise(at.x * 260, at.y * 180, m.salt ^ 3U) * visible(0.005, footprint);
  return m.colour * (1 + 0.012F * cloud + 0.012F * roller);
}

Rgb plaster(const Material& m, Point at, double footprint) {
  const float cloud = fractal_noise(at.x * 2.2, at.y * 1.6, 5, m.salt);
  const float trowel = bump(m, at, 0.16, 4) * visible(0.03, footprint);
  return mix(m.colour, m.second, std::clamp(0.5F + 0.75F * cloud, 0.0F, 1.0F)) * (1 + 0.35F * trowel);
}

Rgb concrete(const Material& m, Point at, double footprint) {
  const float cloud = fractal_noise(at.x * 1.7, at.y * 1.7, 5, m.salt);
  const float pit = noise(at.x * 45, at.y * 45, m.salt ^ 5U);
  const float pits = ramp(0.62, 0.8, pit) * visible(0.02, footprint);
  const double seam_x = wrapped(at.x + 0.4, 1.2);
  const double seam_y = wrapped(at.y - 0.1, 1.3);
  const float seams = std::max(line(seam_x, 0.002, footprint), line(seam_y, 0.002, footprint));
  const float fine = noise(at.x * 300, at.y * 300, m.salt ^ 9U) * visible(0.004, footprint);
  return m.colour * ((1 + 0.13F * cloud + 0.03F * fine) * (1 - 0.3F * pits) * (1 - 0.35F * seams));
}

Rgb stripes(const Material& m, Point at, double footprint) {
  const float band = line(wrapped(at.x, m.scale), m.scale * 0.25, footprint);
  const float pin = line(wrapped(at.x - m.scale / 2, m.scale), m.scale * 0.02, footprint);
  const float fibre = noise(at.x * 500, at.y * 40, m.salt) * visible(0.002, footprint);
  return mix(m.colour, m.second, std::max(band, pin)) * (1 + 0.02F * fibre);
}

// Rows of fans, as on old paper: arcs around points of a staggered lattice.
Rgb motif(const Material& m, Point at, double footprint) {
  const double cell = m.scale;
  float ink = 0;
  const double base_row = std::floor(at.y / (cell * 0.5));
  for (int i = 1; i >= -1; --i) {
    const double row = base_row - i;
    const double shift = std::fmod(std::abs(row), 2.0) * cell * 0.5;
    const double dx = wrapped(at.x - shift, cell);
    const double dy = at.y - row * cell * 0.5;
    const double radius = std::hypot(dx, dy);
    if (radius > cell * 0.5) continue;
    ink = 0;
    for (const double ring : {0.48, 0.36, 0.24, 0.12})
      ink = std::max(ink, line(radius - ring * cell, cell * 0.018, footprint));
    break;
  }
  const float fibre = noise(at.x * 300, at.y * 300, m.salt) * visible(0.003, footprint);
  return mix(m.colour, m.second, ink) * (1 + 0.02F * fibre);
}

Rgb brick(const Material& m, Point at, double footprint) {
  const double height = m.scale;
  const double width = height * 3.1;
  const int row = static_cast<int>(std::floor(at.y / height));
  const double x = at.x + (row & 1 ? width / 2 : 0.0) + 0.05 * height * noise(at.y * 9, at.x * 3, m.salt);
  const int column = static_cast<int>(std::floor(x / width));
  const double in_x = x - column * width;
  const double in_y = at.y - row * height + 0.04 * height * noise(at.x * 14, at.y * 14, m.salt ^ 2U);
  const double edge = std::min({in_x, width - in_x, in_y, height - in_y});
  const double joint = height * 0.075;
  const float body = ramp(joint - footprint, joint + footprint + 0.002, edge);
  const float tone = hash01(column, row, m.salt);
  const float rough = fractal_noise(at.x * 40, at.y * 40, 3, m.salt ^ 8U) * visible(0.02, footprint);
  // Light from one side: the joint beside the far edge of a brick lies in its shadow.
  const double rim_x = m.relief.x > 0 ? in_x : width - in_x;
  const double rim_y = m.relief.y > 0 ? in_y : height - in_y;
  const float shade = 1 - 0.35F * ramp(joint * 2.2, joint * 0.9, std::min(rim_x, rim_y)) * visible(0.02, footprint);
  const Rgb stone = m.colour * (0.78F + 0.44F * tone + 0.16F * rough);
  return mix(m.second * (0.92F + 0.1F * rough), stone, body) * shade;
}

Rgb boards(const Material& m, Point at, double footprint) {
  const double off = wrapped(at.x, m.scale);
  const int board = static_cast<int>(std::round(at.x / m.scale));
  const float gap = line(m.scale / 2 - std::abs(off), 0.003, footprint);
  const double bevel_side = off * (m.relief.x > 0 ? 1 : -1);
  const float lit = line(bevel_side - m.scale / 2 + 0.006, 0.003, footprint);
  const float grained =
      m.gloss > 0.03F ? wood_grain(at.y + board * 3.7, off, m.salt + static_cast<std::uint32_t>(board), footprint) : 0;
  const float tone = hash01(board, 1, m.salt) - 0.5F;
  return mix(m.colour, m.second, std::clamp(0.35F + 0.4F * grained, 0.0F, 1.0F) * (m.gloss > 0.03F ? 1.0F : 0.0F)) *
         ((1 + (m.gloss > 0.03F ? 0.16F : 0.02F) * tone) * (1 - 0.6F * gap) * (1 + 0.1F * lit));
}

Rgb slats(const Material& m, Point at, double footprint) {
  const double off = wrapped(at.x, m.scale);
  const int slat = static_cast<int>(std::round(at.x / m.scale));
  const float body = line(off, m.scale * 0.34, footprint);
  const float grained = wood_grain(at.y + slat * 1.9, off, m.salt + static_cast<std::uint32_t>(slat), footprint);
  const float rounded = 1 - 0.25F * static_cast<float>(std::pow(std::abs(off) / (m.scale * 0.34), 4)) * body;
  const Rgb face = mix(m.colour, m.second, std::clamp(0.35F + 0.4F * grained, 0.0F, 1.0F)) * rounded;
  return mix(m.second * 0.12F, face, body);
}

Rgb plank(const Material& m, double along, double across, int id, double footprint) {
  const std::uint32_t salt = m.salt + static_cast<std::uint32_t>(id) * 77U;
  const float tone = hash01(id, 3, m.salt);
  const float grained = wood_grain(along + tone * 9, across + tone, salt, footprint);
  return mix(m.colour, m.second, std::clamp(0.3F + 0.35F * grained, 0.0F, 1.0F)) * (0.86F + 0.28F * tone);
}

Rgb planks(const Material& m, Point at, double footprint) {
  const int row = static_cast<int>(std::floor(at.y / m.scale));
  const double length = m.scale * 9;
  const double x = at.x + length * hash01(row, 17, m.salt);
  const int column = static_cast<int>(std::floor(x / length));
  const double in_y = at.y - row * m.scale;
  const double in_x = x - column * length;
  const float gap = std::max(line(std::min(in_y, m.scale - in_y), 0.0012, footprint),
                             line(std::min(in_x, length - in_x), 0.001, footprint));
  return plank(m, in_x, in_y, row * 131 + column, footprint) * (1 - 0.65F * gap);
}

Rgb herringbone(const Material& m, Point at, double footprint) {
  // Turned by 45 degrees, blocks of 1 x 5 in a staircase.
  const double x = (at.x + at.y) * 0.70710678 / m.scale;
  const double y = (at.y - at.x) * 0.70710678 / m.scale;
  constexpr int kLong = 5;
  const int ix = static_cast<int>(std::floor(x));
  const int iy = static_cast<int>(std::floor(y));
  const int step = ((ix - iy) % (2 * kLong) + 2 * kLong) % (2 * kLong);
  const bool flat = step < kLong;
  const double along = flat ? step + x - ix : (2 * kLong - 1 - step) + y - iy;
  const double across = flat ? y - iy : x - ix;
  const int id = flat ? (ix - step) * 57 + iy * 131 : ix * 57 + (iy - (2 * kLong - 1 - step)) * 131 + 7;
  const double edge = std::min({along, kLong - along, across, 1 - across}) * m.scale;
  return plank(m, along * m.scale, across * m.scale, id, footprint) * (1 - 0.6F * line(edge, 0.0011, footprint));
}

Rgb carpet(const Material& m, Point at, double footprint) {
  const float pile = noise(at.x * 210, at.y * 210, m.salt) * visible(0.006, footprint);
  const float tuft = fractal_noise(at.x * 22, at.y * 22, 3, m.salt ^ 4U);
  return m.colour * (1 + 0.22F * pile + 0.1F * tuft);
}

Rgb linen(const Material& m, Point at, double footprint) {
  const double thread = m.scale;
  const float warp = noise(at.x / thread, at.y / (thread * 9), m.salt);
  const float weft = noise(at.x / (thread * 9), at.y / thread, m.salt ^ 6U);
  const float slub = fractal_noise(at.x * 9, at.y * 9, 3, m.salt ^ 8U);
  return m.colour * (1 + 0.1F * (warp + weft) * visible(thread * 2, footprint) + 0.05F * slub);
}

Rgb marble(const Material& m, Point at, double) {
  const double warp = 0.25 * fractal_noise(at.x * 2.1, at.y * 2.1, 4, m.salt);
  const float vein = ridged_noise(at.x * 1.3 + warp * 3, at.y * 1.9 + warp * 2, 4, m.salt ^ 2U);
  const float cloud = fractal_noise(at.x * 3, at.y * 3, 4, m.salt ^ 4U);
  return mix(m.colour, m.second, 0.85F * ramp(0.74, 0.93, vein) + 0.12F * (0.5F + 0.5F * cloud));
}

Rgb keyboard(const Material& m, Point at, double footprint) {
  const double dx = m.scale / 2 - std::abs(wrapped(at.x, m.scale));
  const double dy = m.scale / 2 - std::abs(wrapped(at.y, m.scale));
  const double inside = std::min(dx, dy) - m.scale * 0.07;
  return mix(m.colour, m.second, static_cast<float>(std::clamp(inside / footprint + 0.5, 0.0, 1.0)));
}

Rgb albedo_at(const Material& m, Point at, double footprint) {
  switch (m.texture) {
    case Texture::plain:
    case Texture::glow:
      return m.colour;
    case Texture::paint:
      return paint(m, at, footprint);
    case Texture::plaster:
      return plaster(m, at, footprint);
    case Texture::concrete:
      return concrete(m, at, footprint);
    case Texture::stripes:
      return stripes(m, at, footprint);
    case Texture::motif:
      return motif(m, at, footprint);
    case Texture::brick:
      return brick(m, at, footprint);
    case Texture::boards:
      return boards(m, at, footprint);
    case Texture::slats:
      return slats(m, at, footprint);
    case Texture::planks:
      return planks(m, at, footprint);
    case Texture::herringbone:
      return herringbone(m, at, footprint);
    case Texture::carpet:
      return carpet(m, at, footprint);
    case Texture::wood:
      return plank(m, at.x, at.y, 1, footprint);
    case Texture::linen:
      return linen(m, at, footprint);
    case Texture::marble:
      return marble(m, at, footprint);
    case Texture::metal:
      return m.colour * (1 + 0.03F * noise(at.x * 6, at.y * 900, m.salt) * visible(0.002, footprint));
    case Texture::keys:
      return keyboard(m, at, footprint);
  }
  return m.colour;
}

}  // namespace

Finish finish_at(const Material& material, Point at, double footprint) {
  // Near the horizon a ray meets a floor kilometres away, where no cell of a pattern has a number any more.
  constexpr double kFar = 500;
  at = {std::clamp(at.x, -kFar, kFar), std::clamp(at.y, -kFar, kFar)};
  return {albedo_at(material, at, footprint), material.gloss};
}

}  // namespace vitrine
