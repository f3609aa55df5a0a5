#include "generate/light.h"

#include <cmath>

namespace vitrine {
namespace {

Rgb lamp_light(const Lamp& lamp, Vec3 p, Vec3 n) {
  const Vec3 way = lamp.place - p;
  const double square = dot(way, way);
  const Vec3 to_lamp = way * (1 / std::sqrt(square + 1e-9));
  // Wrapped a little around the edge: a shade is no point.
  const double facing = std::max(0.0, (dot(n, to_lamp) + 0.12) / 1.12);
  double strength = facing / (square + 0.02);
  if (lamp.spread > 0) {
    const double along = -dot(to_lamp, lamp.axis);
    const double off = lamp.both_ways ? std::abs(along) : along;
    strength *= 0.16 + 0.84 * static_cast<double>(ramp(lamp.spread - 0.09, lamp.spread + 0.12, off));
  }
  return lamp.power * static_cast<float>(strength);
}

struct Through {
  float shade = 1;
  float plants = 1;
};

Through through_maps(const RoomLight& light, Vec3 p) {
  const double t = light.sun.z > 1e-6 ? p.z / light.sun.z : 0;
  const Point on_wall{p.x - light.sun.x * t, p.y - light.sun.y * t};
  return {light.shade.at(on_wall), light.plants.at(on_wall)};
}

}  // namespace

Rgb light_at(const RoomLight& light, Vec3 p, Vec3 n, Visibility visibility) {
  // Half of the room's stray light comes evenly, half from above and from the window's side.
  const double upward = 0.5 + 0.5 * dot(n, light.up);
  const double to_window = 0.5 + 0.5 * dot(n, -light.window_facing);
  Rgb sum = light.ambient * static_cast<float>((0.55 + 0.3 * upward + 0.3 * to_window) * visibility.sky);

  const Vec3 way = light.window - p;
  const double square = dot(way, way);
  const Vec3 to_light = way * (1 / std::sqrt(square));
  const double facing = std::max(0.0, (dot(n, to_light) + 0.25) / 1.25);
  const double leaving = std::max(0.0, -dot(to_light, light.window_facing) * 0.8 + 0.2);
  sum += light.window_power * static_cast<float>(facing * leaving / (0.6 + square) * visibility.window);

  // Leaves in the room dim the window's broad light too, but less than the sun.
  const Through through = through_maps(light, p);
  sum = sum * (0.72F + 0.28F * through.plants);
  const double sun_facing = dot(n, light.sun);
  if (sun_facing > 0)
    sum += light.sun_power * (static_cast<float>(sun_facing) * visibility.sun * through.shade * through.plants);
  for (const Lamp& lamp : light.lamps) sum += lamp_light(lamp, p, n) * (0.4F + 0.6F * visibility.sky);
  return sum;
}

Rgb reflected_room(const RoomLight& light, Vec3 p, Vec3 d) {
  const float upward = static_cast<float>(0.5 + 0.5 * dot(d, light.up));
  Rgb sum = light.ambient * (0.25F + 0.9F * upward);
  const Vec3 to_window = unit(light.window - p);
  const float toward = ramp(0.86, 0.97, dot(d, to_window));
  sum += light.window_power * (0.22F * toward);
  return sum;
}

}  // namespace vitrine
