#include "compose/sheet.h"

#include <algorithm>
#include <cmath>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// The core of mat board, and how much of the light a cut at 45 degrees gets, turned towards it and away from it.
constexpr LinearColor kCore{0.93F, 0.92F, 0.89F};
constexpr double kCutMean = 0.82;
constexpr double kCutSwing = 0.16;
// The lip goes on under the frame, as far as the artwork does there; what is too much is cut off with it.
constexpr double kUnderFrame = 0.05;

LinearColor linear(const Rgb8& color) {
  const auto& table = linear_from_srgb8();
  return {table[color[0]], table[color[1]], table[color[2]]};
}

Quad inset(const Point& extent, double by) {
  return {{{{by, by}, {extent.x - by, by}, {extent.x - by, extent.y - by}, {by, extent.y - by}}}};
}

Point towards_light(double degrees) {
  const double radians = degrees * std::acos(-1.0) / 180;
  return {std::sin(radians), -std::cos(radians)};
}

double smooth_ramp(double from, double to, double value) {
  const double t = std::clamp((value - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

void lay(const LinearColor& color, float share, float* pixel) {
  for (std::size_t c = 0; c < 3; ++c) pixel[c] = share * color[c] + (1 - share) * pixel[c];
  pixel[3] = share + (1 - share) * pixel[3];
}

}  // namespace

Sheet::Sheet(const Quad& region, Size scene_size, const PlacementGeometry& geometry, Fit fit, const Look& look) {
  const double ratio = aspect_ratio(region, scene_size);
  extent_ = {std::max(1.0, ratio), std::max(1.0, 1 / ratio)};
  const Quad surface = inset(extent_, 0);
  scene_from_surface_ = target_from_source(surface, region);
  surface_from_scene_ = target_from_source(region, surface);
  if (fit == Fit::mat) add_mat(look, geometry.shown);
  if (look.inner_shadow && look.inner_shadow->depth > 0 && look.inner_shadow->strength > 0) {
    const Point light = towards_light(look.light_from);
    const double depth = look.inner_shadow->depth;
    shadow_ = Shadow{{-light.x * depth, -light.y * depth}, 0.6 * depth, static_cast<float>(look.inner_shadow->strength)};
  }
  if (look.bevel && look.bevel->width > 0)
    lip_ = strips(inset(extent_, -kUnderFrame), inset(extent_, look.bevel->width), linear(look.bevel->color), look.light_from);
}

void Sheet::add_mat(const Look& look, const Quad& window) {
  mat_ = Window{Coverage(window), {}, linear(look.mat.color)};
  if (look.mat.bevel <= 0) return;
  Quad outer = surface_from_scene_(window);
  const double cut = look.mat.bevel;
  const std::array<Point, 4> away{{{-cut, -cut}, {cut, -cut}, {cut, cut}, {-cut, cut}}};
  for (std::size_t i = 0; i < 4; ++i) outer[i] = {outer[i].x + away[i].x, outer[i].y + away[i].y};
  mat_->cut = strips(outer, surface_from_scene_(window), kCore, look.light_from);
}

// The four sides between two rectangles on the surface, sloping down to the inner one.
std::vector<Sheet::Strip> Sheet::strips(const Quad& outer, const Quad& inner, const LinearColor& color,
                                        double light_from) const {
  constexpr std::array<Point, 4> kFacing{{{0, 1}, {-1, 0}, {0, -1}, {1, 0}}};
  const Point light = towards_light(light_from);
  std::vector<Strip> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t next = (i + 1) % 4;
    const Quad side = scene_from_surface_(Quad{{{outer[i], outer[next], inner[next], inner[i]}}});
    const auto lit = static_cast<float>(kCutMean + kCutSwing * (kFacing[i].x * light.x + kFacing[i].y * light.y));
    sides.push_back({Coverage(side), {color[0] * lit, color[1] * lit, color[2] * lit}});
  }
  return sides;
}

// The artwork lies on white paper behind the window.
void Sheet::lay_mat(int x, int y, float* pixel) const {
  const float open = mat_->opening.at(x, y);
  float rest = 1 - open;
  LinearColor color{};
  for (std::size_t c = 0; c < 3; ++c) color[c] = open * (pixel[c] + 1 - pixel[3]);
  for (const Strip& strip : mat_->cut) {
    const float share = std::min(rest, strip.area.at(x, y));
    if (share <= 0) continue;
    for (std::size_t c = 0; c < 3; ++c) color[c] += share * strip.color[c];
    rest -= share;
  }
  for (std::size_t c = 0; c < 3; ++c) pixel[c] = color[c] + rest * mat_->board[c];
  pixel[3] = 1;
}

// Share of the light that passes the frame's edges, each side by itself.
float Sheet::light_at(int x, int y) const {
  const Point p = surface_from_scene_(Point{x + 0.5, y + 0.5});
  const auto side = [&](double distance_inside) {
    return smooth_ramp(-shadow_->softness, shadow_->softness, std::max(distance_inside, -shadow_->softness));
  };
  const double lit = side(p.x - shadow_->fall.x) * side(extent_.x - p.x + shadow_->fall.x) *
                     side(p.y - shadow_->fall.y) * side(extent_.y - p.y + shadow_->fall.y);
  return 1 - shadow_->strength * static_cast<float>(1 - lit);
}

void Sheet::finish(const Rect& rect, float* rgba) const {
  for (int y = rect.y; y < rect.y + rect.height; ++y)
    for (int x = rect.x; x < rect.x + rect.width; ++x, rgba += 4) {
      if (mat_) lay_mat(x, y, rgba);
      if (shadow_) {
        const float light = light_at(x, y);
        for (int c = 0; c < 3; ++c) rgba[c] *= light;
      }
      for (const Strip& strip : lip_)
        if (const float share = strip.area.at(x, y); share > 0) lay(strip.color, share, rgba);
    }
}

}  // namespace vitrine
