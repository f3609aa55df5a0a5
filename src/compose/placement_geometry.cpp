#include "compose/placement_geometry.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vitrine {
namespace {

// The middle share of the unit square: `u` wide, `v` high.
Quad middle(double u, double v) {
  const double x0 = (1 - u) / 2;
  const double y0 = (1 - v) / 2;
  return {{{{x0, y0}, {1 - x0, y0}, {1 - x0, 1 - y0}, {x0, 1 - y0}}}};
}

Quad scaled(const Quad& quad, Size size) {
  Quad result = quad;
  for (Point& p : result.corners) p = {p.x * size.width, p.y * size.height};
  return result;
}

}  // namespace

UnitFit fit_in_unit(double surface, Size artwork_size, Fit fit, double mat_width) {
  const double artwork = static_cast<double>(artwork_size.width) / artwork_size.height;
  const double wider = artwork / surface;
  switch (fit) {
    case Fit::stretch: return {kUnitSquare, kUnitSquare};
    case Fit::cover: return {kUnitSquare, middle(std::min(1.0, 1 / wider), std::min(1.0, wider))};
    case Fit::contain: return {middle(std::min(1.0, wider), std::min(1.0, 1 / wider)), kUnitSquare};
    case Fit::mat: break;
  }
  // The largest window of the artwork's ratio that leaves the border everywhere.
  const double border = mat_width * std::min(1.0, surface);
  const double across = 1 - 2 * border / surface;
  const double down = 1 - 2 * border;
  const double inner = artwork / (surface * across / down);
  return {middle(across * std::min(1.0, inner), down * std::min(1.0, 1 / inner)), kUnitSquare};
}

PlacementGeometry place(const Quad& quad_in_scene, Size scene_size, Size artwork_size, Fit fit, double mat_width) {
  const double surface = fit == Fit::stretch ? 1 : aspect_ratio(quad_in_scene, scene_size);
  const UnitFit unit = fit_in_unit(surface, artwork_size, fit, mat_width);
  const bool whole = unit.shown == kUnitSquare;
  const Quad shown = whole ? quad_in_scene : target_from_source(kUnitSquare, quad_in_scene)(unit.shown);
  const Quad source = scaled(unit.part, artwork_size);
  return {shown, target_from_source(shown, source), source};
}

Quad grown(const Quad& quad, double pixels) {
  Quad result = quad;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point before = quad[(i + 3) % 4];
    const Point here = quad[i];
    const Point after = quad[(i + 1) % 4];
    const double in = distance(before, here);
    const double out = distance(here, after);
    const Point u{(here.x - before.x) / in, (here.y - before.y) / in};
    const Point v{(after.x - here.x) / out, (after.y - here.y) / out};
    // Both sides move out by `pixels`; their crossing moves along u - v, by the inverse of the sine between them.
    const double sine = u.x * v.y - u.y * v.x;
    const double reach = std::copysign(std::min(std::abs(pixels) / std::max(sine, 1e-9), 2 * std::abs(pixels)), pixels);
    result[i] = {here.x + (u.x - v.x) * reach, here.y + (u.y - v.y) * reach};
  }
  return result;
}

}  // namespace vitrine
