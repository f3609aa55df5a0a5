#include "generate/shading.h"

#include <cmath>

#include "generate/noise.h"

namespace vitrine {
namespace {

Shade lit(const Finish& finish, Rgb white) { return {finish.albedo * white, white}; }

// Adds what a glossy skin mirrors, more at grazing angles (Schlick's approximation).
Shade polished(const RoomLight& light, Shade shade, const Finish& finish, Vec3 p, Vec3 n, Vec3 along) {
  if (finish.gloss <= 0) return shade;
  const Vec3 way = unit(along);
  const double facing = std::clamp(-dot(way, n), 0.0, 1.0);
  const float grazing = static_cast<float>(std::pow(1 - facing, 5));
  const float share = finish.gloss * (0.35F + 0.65F * grazing);
  const Rgb mirrored = reflected_room(light, p, way - n * (2 * dot(way, n)));
  // Metals colour what they mirror; lacquers do not.
  const Rgb skin = finish.gloss > 0.3F ? finish.albedo * 1.4F : Rgb{1, 1, 1};
  shade.colour = shade.colour * (1 - 0.6F * share) + mirrored * skin * share;
  return shade;
}

// Where light from `to_light` must pass on the rectangle a height above the point.
struct Slant {
  double x;
  double y;
};
Slant slant_of(const Panel& panel, Vec3 to_light) {
  const Vec3 local = panel.pose.turn_in(to_light);
  const double rise = std::max(local.z, 0.15);
  return {local.x / rise, local.y / rise};
}

// Shadow that a panel's body of height `depth` throws on the plane behind it, 1 for full shadow.
float thrown(const PanelRect& outer, double x, double y, Slant slant, double depth, double blur) {
  float most = 0;
  for (const double share : {0.3, 0.65, 1.0}) {
    const double height = depth * share;
    const double off = distance_to(outer, x + slant.x * height, y + slant.y * height);
    most = std::max(most, ramp(blur * height + 0.0006, -blur * height - 0.0006, off));
  }
  return most;
}

Visibility behind_panels(const Room& room, Vec3 p, Visibility visibility) {
  for (const Panel& panel : room.panels) {
    if (!panel.flush) continue;
    const Vec3 local = panel.pose.local_from_room(p);
    const PanelRect outer = panel.outer();
    const double depth = std::max(panel.depth, 0.004);
    const double off = distance_to(outer, local.x, local.y);
    if (off > 7 * depth) continue;
    visibility.sky *= 1 - 0.5F * static_cast<float>(std::exp(-std::max(off, 0.0) / (0.8 * depth)));
    visibility.sun *=
        1 - thrown(outer, local.x, local.y, slant_of(panel, room.light.sun), depth, room.light.sun_blur * 2);
    visibility.window *= 1 - 0.8F * thrown(outer, local.x, local.y, slant_of(panel, room.light.window - p), depth, 0.7);
  }
  return visibility;
}

// Shadow of the bars on what lies between them, `drop` below their front.
Visibility between_bars(const Room& room, const Panel& panel, Vec3 local, double drop, Visibility visibility) {
  if (drop <= 0 || panel.bar_y <= 0) return visibility;
  const double open = panel.bar_x > 0 ? panel.half_width : 1e3;
  const PanelRect inner{-open, -panel.half_height, open, panel.half_height};
  const double inside = -distance_to(inner, local.x, local.y);
  visibility.sky *= 1 - 0.42F * static_cast<float>(std::exp(-std::max(inside, 0.0) / (1.1 * drop)));
  const auto passing = [&](Slant slant, double blur) {
    const double off = distance_to(inner, local.x + slant.x * drop, local.y + slant.y * drop);
    return ramp(blur * drop + 0.0004, -blur * drop - 0.0004, off);
  };
  const Vec3 p = panel.pose.room_from_local(local);
  visibility.sun *= passing(slant_of(panel, room.light.sun), room.light.sun_blur * 2);
  visibility.window *= 0.25F + 0.75F * passing(slant_of(panel, room.light.window - p), 0.8);
  return visibility;
}

Visibility on_panel(const Room& room, const Panel& panel, Vec3 p) {
  return panel.flush ? room.wall_visibility.at(p) : room.panel_visibility.at(p);
}

Rgb art_at(const Image& art, double u, double v) {
  const double x = std::clamp(u * art.width() - 0.5, 0.0, art.width() - 1.001);
  const double y = std::clamp(v * art.height() - 0.5, 0.0, art.height() - 1.001);
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  const auto& linear = linear_from_srgb8();
  const auto texel = [&](int column, int row) {
    const std::uint8_t* pixel = art.row(std::min(row, art.height() - 1)) + 3 * std::min(column, art.width() - 1);
    return Rgb{linear[pixel[0]], linear[pixel[1]], linear[pixel[2]]};
  };
  const float fx = static_cast<float>(x - ix);
  return mix(mix(texel(ix, iy), texel(ix + 1, iy), fx), mix(texel(ix, iy + 1), texel(ix + 1, iy + 1), fx),
             static_cast<float>(y - iy));
}

Rgb picture_albedo(const Panel& panel, Vec3 local, double footprint) {
  Rgb paper = panel.blank;
  if (!panel.art.empty()) {
    const PanelRect& o = panel.opening;
    paper = art_at(panel.art, (local.x - o.left) / (o.right - o.left), (local.y - o.top) / (o.bottom - o.top)) * 0.96F;
  }
  if (panel.weave <= 0) return paper;
  const float fade = static_cast<float>(std::clamp(1.5 - footprint / 0.0015, 0.0, 1.0));
  const float thread = noise(local.x / 0.0012, local.y / 0.006, 11) + noise(local.x / 0.006, local.y / 0.0012, 12);
  return paper * (1 + panel.weave * fade * thread);
}

struct Relief {
  Vec3 normal;
  Point grain;  // along and across the bar
};

// A flat bar with a chamfer inside and a rounded rim outside.
Relief bar_relief(const Panel& panel, const RoomHit& hit) {
  const bool upright = hit.edge() == 1 || hit.edge() == 3;
  const double off = upright ? std::abs(hit.local.x) - panel.half_width : std::abs(hit.local.y) - panel.half_height;
  const double share = std::clamp(off / std::max(upright ? panel.bar_x : panel.bar_y, 1e-6), 0.0, 1.0);
  const double tilt = share < 0.2 ? -0.85 * (1 - share / 0.2) : share > 0.8 ? 0.8 * (share - 0.8) / 0.2 : 0;
  const Vec3 out = upright ? Vec3{std::copysign(1.0, hit.local.x), 0, 0} : Vec3{0, std::copysign(1.0, hit.local.y), 0};
  const Point grain =
      upright ? Point{hit.local.y + 3 * hit.edge(), hit.local.x} : Point{hit.local.x + 3 * hit.edge(), hit.local.y};
  return {unit(Vec3{0, 0, 1} + out * tilt), grain};
}

Point texture_point(Vec3 local, Vec3 normal) {
  const double ax = std::abs(normal.x);
  const double ay = std::abs(normal.y);
  const double az = std::abs(normal.z);
  if (az >= ax && az >= ay) return {local.x, local.y};
  if (ay >= ax) return {local.x, local.z};
  return {local.z, local.y};
}

}  // namespace

Shade Shader::shade_wall(Vec3 p, double footprint) const {
  const Vec3 normal{0, 0, 1};
  Visibility visibility = behind_panels(room_, p, room_.wall_visibility.at(p));
  if (room_.has_floor) visibility.sky *= 1 - 0.25F * static_cast<float>(std::exp(-p.y / 0.25));
  return lit(finish_at(room_.wall, {p.x, p.y}, footprint), light_at(room_.light, p, normal, visibility));
}

Visibility Shader::visibility_on_solid(const RoomHit& hit) const {
  const Pose& pose = room_.solids[static_cast<std::size_t>(hit.index)].pose;
  return blockers_.at(room_.light, pose.room_from_local(hit.local), pose.turn_out(hit.normal));
}

Shade Shader::shade_solid(const RoomHit& hit, const Ray& ray, double footprint) const {
  const Solid& solid = room_.solids[static_cast<std::size_t>(hit.index)];
  const Material& material = room_.materials[static_cast<std::size_t>(solid.material)];
  const Vec3 p = solid.pose.room_from_local(hit.local);
  Vec3 normal = solid.pose.turn_out(hit.normal);
  if (material.texture == Texture::linen) {
    // Upholstery is never quite taut.
    const double fold_x = noise(hit.local.x * 7, hit.local.y * 7 + hit.local.z * 3, 21);
    const double fold_y = noise(hit.local.y * 7 + 9, hit.local.x * 5 + hit.local.z * 6, 22);
    normal = unit(normal + Vec3{fold_x, fold_y, 0} * 0.1);
  }
  const Visibility visibility = hit.visibility ? *hit.visibility : visibility_on_solid(hit);
  const Finish finish = finish_at(material, texture_point(hit.local, hit.normal), footprint);
  Shade shade = lit(finish, light_at(room_.light, p, normal, visibility));
  if (material.texture == Texture::glow) {
    const float middle = 1 - 0.35F * static_cast<float>(std::abs(hit.local.y) / solid.half.y);
    shade.colour += material.second * (middle / room_.lens.exposure);
  }
  return polished(room_.light, shade, finish, p, normal, ray.along);
}

Shade Shader::shade_picture(const Panel& panel, Vec3 local, double footprint) const {
  const Vec3 p = panel.pose.room_from_local(local);
  const Visibility visibility = between_bars(room_, panel, local, panel.recess, on_panel(room_, panel, p));
  Rgb white = light_at(room_.light, p, panel.pose.z, visibility);
  // A screen lights itself; the room adds only a veil.
  if (panel.glow > 0) white = Rgb{1, 1, 1.02F} * (panel.glow / room_.lens.exposure) + white * 0.08F;
  return {picture_albedo(panel, local, footprint) * white, white};
}

Shade Shader::shade_panel(const RoomHit& hit, const Ray& ray, double footprint) const {
  const Panel& panel = room_.panels[static_cast<std::size_t>(hit.index)];
  if (hit.part() == PanelPart::picture) return shade_picture(panel, hit.local, footprint);
  const Vec3 p = panel.pose.room_from_local(hit.local);
  Visibility visibility = on_panel(room_, panel, p);
  Vec3 normal = hit.normal;
  Finish finish{panel.bars.colour, 0};
  if (hit.part() == PanelPart::bars) {
    const Relief relief = bar_relief(panel, hit);
    normal = relief.normal;
    finish = finish_at(panel.bars, relief.grain, footprint);
  } else if (hit.part() == PanelPart::mat || hit.part() == PanelPart::bevel) {
    finish.albedo = panel.mat_colour * (1 + 0.012F * noise(hit.local.x * 900, hit.local.y * 900, 31));
    // The board is cut at 45 degrees.
    if (hit.part() == PanelPart::bevel) normal = unit(Vec3{0, 0, 1} - outward(hit.edge()));
    visibility = between_bars(room_, panel, hit.local, panel.recess, visibility);
  } else if (hit.part() == PanelPart::lip) {
    visibility = {0.55F, 0.6F, 0.7F};
  } else if (panel.kind != PanelKind::frame && panel.kind != PanelKind::screen) {
    finish.albedo = picture_albedo(panel, hit.local, footprint) * 0.94F;
    visibility.sky *= 0.55F + 0.45F * static_cast<float>(std::clamp(hit.local.z / panel.depth, 0.0, 1.0));
  }
  const Vec3 turned_out = panel.pose.turn_out(normal);
  return polished(room_.light, lit(finish, light_at(room_.light, p, turned_out, visibility)), finish, p, turned_out,
                  ray.along);
}

Shade Shader::shade(const RoomHit& hit, const Ray& ray, double footprint) const {
  const Vec3 p = ray.from + ray.along * hit.t;
  switch (hit.seen) {
    case Seen::nothing:
      return {};
    case Seen::wall:
      return shade_wall(p, footprint);
    case Seen::floor: {
      const Finish finish = finish_at(room_.floor, {p.x, p.z}, footprint);
      Visibility visibility = room_.floor_visibility.at(p);
      visibility.sky *= 1 - 0.35F * static_cast<float>(std::exp(-p.z / 0.15));
      const Rgb white = light_at(room_.light, p, {0, 1, 0}, visibility);
      return polished(room_.light, lit(finish, white), finish, p, {0, 1, 0}, ray.along);
    }
    case Seen::ceiling:
      return lit({{0.85F, 0.85F, 0.84F}, 0}, light_at(room_.light, p, {0, -1, 0}, {}));
    case Seen::side_wall: {
      const Vec3 normal{room_.side_wall < 0 ? 1.0 : -1.0, 0, 0};
      const double corner = 0.5 + 0.5 * std::min(1.0, std::min(p.z, p.y) / 0.35);
      const Visibility visibility{static_cast<float>(corner), 1, 1};
      return lit(finish_at(room_.wall, {p.z, p.y}, footprint), light_at(room_.light, p, normal, visibility));
    }
    case Seen::solid:
      return shade_solid(hit, ray, footprint);
    case Seen::panel:
      return shade_panel(hit, ray, footprint);
  }
  return {};
}

}  // namespace vitrine
