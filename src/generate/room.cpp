#include "generate/room.h"

#include <array>
#include <cmath>
#include <numbers>

#include "generate/room_layout.h"
#include "vitrine/generate/procedural_artwork.h"

namespace vitrine {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct Box {
  double width = 0;  // share of the picture
  double height = 0;
  bool inside = true;  // with a margin
};

Box shown(const Room& room, const Camera& camera) {
  double left = 1e30, top = 1e30, right = -1e30, bottom = -1e30;
  for (const Panel& panel : room.panels) {
    const PanelRect r = panel.outer();
    for (const Vec3 corner : {Vec3{r.left, r.top, panel.depth}, Vec3{r.right, r.top, panel.depth},
                              Vec3{r.right, r.bottom, panel.depth}, Vec3{r.left, r.bottom, panel.depth}}) {
      const Vec3 p = panel.pose.room_from_local(corner);
      if (camera.depth(p) < 0.05) return {10, 10, false};
      const Point pixel = camera.pixel(p);
      left = std::min(left, pixel.x / camera.size.width);
      right = std::max(right, pixel.x / camera.size.width);
      top = std::min(top, pixel.y / camera.size.height);
      bottom = std::max(bottom, pixel.y / camera.size.height);
    }
  }
  constexpr double kMargin = 0.04;
  return {right - left, bottom - top, left > kMargin && top > kMargin && right < 1 - kMargin && bottom < 1 - kMargin};
}

Viewpoint choose_direction(Random& random, const SceneOptions& options, const Framing& framing) {
  const double most = options.max_tilt_degrees * kDegree;
  const double tilt = most * std::sqrt(random.between(0.02, 1)) * 0.98;
  Viewpoint view;
  view.target = framing.target;
  if (framing.any_side) {
    const double around = random.between(0.15, 0.85) * 2 * std::numbers::pi;
    view.yaw = std::asin(std::sin(tilt) * std::sin(around));
    view.pitch = std::asin(std::sin(tilt) * std::cos(around) / std::max(0.3, std::cos(view.yaw)));
  } else {
    const double off =
        std::clamp(framing.pitch - framing.facing_pitch + random.between(-0.03, 0.05), -0.5 * tilt, 0.5 * tilt);
    view.pitch = framing.facing_pitch + off;
    view.yaw = random.sign() * std::sqrt(std::max(0.0, tilt * tilt - off * off));
  }
  view.roll = random.between(-1, 1) * std::min(1.2 * kDegree, most / 20);
  return view;
}

std::string describe(const Room& room) {
  const std::string ground = std::string("on a ") + name_of(room.wall.texture) + (room.has_floor ? " wall" : " table");
  const std::string light = room.light.lamps.empty() || room.light.sun_power.g > 0 || room.light.window_power.g > 1.5F
                                ? std::string("light from the ") + (light_side(room) < 0 ? "left" : "right")
                                : std::string("lamplight");
  if (room.panels.empty())
    return std::string("an empty room with a ") + name_of(room.wall.texture) +
           (room.has_floor ? " wall, " : " table, ") + light;
  const Panel& first = room.panels.front();
  const bool tilted = std::abs(dot(room.camera.pose.z, first.pose.z)) < std::cos(10 * kDegree);
  const std::string what = first.adjective + " " + name_of(first.kind);
  const std::string many =
      room.panels.size() > 1 ? std::to_string(room.panels.size()) + " surfaces, the first a " : "a ";
  return many + (tilted ? "tilted " : "") + what + (first.flush ? " " : " standing before it ") + ground + ", " + light;
}

void print_pictures(Room& room, Random& random) {
  static constexpr std::array<ArtworkStyle, 5> kStyles{ArtworkStyle::line_art, ArtworkStyle::photo, ArtworkStyle::text,
                                                       ArtworkStyle::pattern, ArtworkStyle::abstract};
  for (Panel& panel : room.panels) {
    const double width = std::max(distance(panel.quad[0], panel.quad[1]), distance(panel.quad[3], panel.quad[2]));
    const double height = std::max(distance(panel.quad[0], panel.quad[3]), distance(panel.quad[1], panel.quad[2]));
    const Size size{std::clamp(static_cast<int>(width), 16, 4096), std::clamp(static_cast<int>(height), 16, 4096)};
    panel.art = make_procedural_artwork({random.bits(), size, random.pick(kStyles)});
  }
}

void measure_shadows(Room& room) {
  const Vec3 eye = room.camera.pose.origin;
  const double reach = std::clamp(std::abs(eye.z) * 2.0, 0.8, 7.0);
  const double middle = room.panels.empty() ? 0 : room.panels.front().pose.origin.x;
  const Blockers blockers(blockers_of(room));
  const double low = room.has_floor ? 0 : -reach / 2;
  const double high = room.has_floor ? room.ceiling : reach / 2;
  room.wall_visibility = VisibilityMap(
      blockers, room.light, {{{middle - reach / 2, low, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, reach, high - low});
  if (room.has_floor)
    room.floor_visibility =
        VisibilityMap(blockers, room.light, {{{middle - reach / 2, 0, 0}, {1, 0, 0}, {0, 0, 1}, {0, 1, 0}}, reach, 3});
  if (!room.panels.empty() && !room.panels.front().flush) {
    const Panel& panel = room.panels.front();
    const PanelRect r = panel.outer();
    Pose pose = panel.pose;
    pose.origin = pose.room_from_local({r.left, r.top, panel.picture_z()});
    room.panel_visibility =
        VisibilityMap(Blockers(room.solids), room.light, {pose, r.right - r.left, r.bottom - r.top});
  }
}

}  // namespace

std::vector<Solid> blockers_of(const Room& room) {
  std::vector<Solid> blockers = room.solids;
  for (const Panel& panel : room.panels) {
    if (panel.flush) continue;
    Solid body;
    body.pose = panel.pose;
    body.pose.origin = panel.pose.room_from_local({0, 0, panel.depth / 2});
    body.half = {panel.half_width + panel.bar_x, panel.half_height + panel.bar_y, panel.depth / 2};
    blockers.push_back(body);
  }
  return blockers;
}

void place_camera(Room& room, Random& random, const SceneOptions& options, const Framing& framing) {
  Viewpoint view = choose_direction(random, options, framing);
  view.focal = random.between(0.95, 1.5) * std::max(options.size.width, options.size.height);
  view.distance = 3;
  for (int i = 0; i < 8; ++i) {
    const Box box = shown(room, make_camera(view, options.size));
    view.distance *= std::clamp(std::max(box.width, box.height) / framing.share, 0.5, 3.0);
  }
  for (int i = 0; i < 60 && !shown(room, make_camera(view, options.size)).inside; ++i) view.distance *= 1.04;
  // Never below the floor.
  if (room.has_floor)
    view.pitch = std::max(view.pitch, std::asin(std::clamp((0.25 - view.target.y) / view.distance, -1.0, 1.0)));
  room.camera = make_camera(view, options.size);
  for (Panel& panel : room.panels) panel = settle(panel, room.camera);
  if (room.has_floor && std::abs(view.yaw) > 0.25 && random.chance(0.5))
    room.side_wall = (view.yaw > 0 ? -1 : 1) * random.between(1.7, 2.6);
}

Room make_room(const SceneOptions& options) {
  Random random(options.seed * 4 + static_cast<std::uint64_t>(options.covered) * 2 + (options.surfaces > 1 ? 1U : 0U));
  Room room;
  const double draw = random.uniform();
  const bool wall_only = options.surfaces > 1;
  const Framing framing = !wall_only && draw > 0.78 ? lay_out_table(room, random, options)
                          : !wall_only && draw > 0.66 && options.place != ScenePlace::none
                              ? lay_out_desk(room, random, options)
                              : lay_out_wall(room, random, options);
  place_camera(room, random, options, framing);
  if (options.covered && options.place != ScenePlace::none)
    cover_part(room, random, framing);
  else
    room = keep_clear(std::move(room));
  light_room(room, random);
  if (options.place == ScenePlace::filled) print_pictures(room, random);
  if (options.place == ScenePlace::none) room.panels.clear();
  measure_shadows(room);
  room.description = describe(room);
  return room;
}

}  // namespace vitrine
