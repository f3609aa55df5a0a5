#include <array>
#include <cmath>

#include "generate/furniture.h"
#include "generate/plant.h"
#include "generate/room_layout.h"

namespace vitrine {
namespace {

enum class Setting { bare, sofa, console, bed, leaning, television };

Setting choose_setting(Random& random, const SceneOptions& options) {
  if (options.place == ScenePlace::none)
    return random.pick(std::array{Setting::sofa, Setting::console, Setting::bed, Setting::bare});
  if (options.covered)
    return random.pick(std::array{Setting::bare, Setting::console, Setting::leaning, Setting::television});
  if (options.surfaces > 1) return random.pick(std::array{Setting::bare, Setting::sofa, Setting::console});
  static constexpr std::array<Setting, 12> kSettings{
      Setting::bare,    Setting::bare,    Setting::bare, Setting::sofa,    Setting::sofa,    Setting::sofa,
      Setting::console, Setting::console, Setting::bed,  Setting::leaning, Setting::leaning, Setting::television};
  return random.pick(kSettings);
}

Size ratio(Random& random, double landscape_chance) {
  static constexpr std::array<Size, 6> kRatios{{{2, 3}, {3, 4}, {4, 5}, {707, 1000}, {707, 1000}, {1, 1}}};
  const Size upright = random.pick(kRatios);
  if (random.chance(landscape_chance)) return {upright.height, upright.width};
  return upright;
}

struct Extent {
  double width;
  double height;
};

Extent sized(Size ratio, double longest) {
  const double scale = longest / std::max(ratio.width, ratio.height);
  return {ratio.width * scale, ratio.height * scale};
}

void hang(Room& room, Panel panel, double x, double y) {
  panel.pose.origin = {x, y, 0.0};
  room.panels.push_back(panel);
}

void hang_one(Room& room, Random& random, double bottom, double longest, double landscape_chance) {
  const Extent size = sized(ratio(random, landscape_chance), longest);
  hang(room, make_panel(random, choose_kind(random), size.width, size.height), 0,
       std::max(1.45, bottom + size.height / 2 + 0.05));
}

// A row, or two rows, of frames that share one style.
void hang_gallery(Room& room, Random& random, int count, double bottom) {
  const bool two_rows = count >= 4 || (count == 3 && random.chance(0.3));
  const int columns = two_rows ? (count + 1) / 2 : count;
  const double longest = two_rows ? random.between(0.38, 0.46) : random.between(0.5, 0.62);
  const Extent cell = sized(ratio(random, 0.15), longest);
  const Random style = random;
  const double gap = random.between(0.07, 0.12);
  const bool alike = random.chance(0.65);
  for (int i = 0; i < count; ++i) {
    Random same = style;
    const int row = i / columns;
    const int in_row = row == 0 ? columns : count - columns;
    const double x = (i % columns - (in_row - 1) / 2.0) * (cell.width + gap + 0.05);
    const double height = cell.height + gap + 0.05;
    const double y = std::max(two_rows ? 1.62 : 1.5, bottom + (two_rows ? height : height / 2)) +
                     (two_rows ? (0.5 - row) * height : 0);
    hang(room, make_panel(alike ? same : random, PanelKind::frame, cell.width, cell.height), x, y);
  }
}

// Returns the angle.
double lean(Room& room, Random& random, double top) {
  const double longest = random.between(0.5, 0.75);
  const Extent size = sized(ratio(random, 0.15), longest);
  Panel panel = make_panel(random, PanelKind::frame, size.width, size.height);
  const double angle = random.between(0.06, 0.1);
  const double half = panel.half_height + panel.bar_y;
  panel.pose = turned(panel.pose, {1, 0, 0}, -angle);
  panel.pose.origin = {random.between(-0.2, 0.2), top + half * std::cos(angle) + 0.002, 0.004 + half * std::sin(angle)};
  panel.flush = false;
  room.panels.push_back(panel);
  return angle;
}

void dress_top(Room& room, Random& random, double top, double reach) {
  const double side = random.sign();
  const double z = 0.24;
  room.start_thing();
  const int left_thing = random.index(3);
  if (left_thing == 0) {
    add_books(room, random, {side * (reach - 0.22), top, z});
  } else if (left_thing == 1) {
    add_bowl(room, random, {side * (reach - 0.2), top, z});
  } else {
    add_vase(room, random, {side * (reach - 0.18), top, z}, random.between(0.16, 0.26));
    add_vase(room, random, {side * (reach - 0.36), top, z + 0.05}, random.between(0.1, 0.14));
  }
  room.start_thing();
  if (random.chance(0.45)) {
    const bool evening = random.chance(0.5);
    add_lamp(
        room, random,
        {{-side * (reach - 0.22), top, z}, random.between(0.42, 0.5), Stand::table, evening ? 0.45F : 0.0F, false});
  } else {
    const double height = random.between(0.16, 0.24);
    const Vec3 mouth{-side * (reach - 0.2), top + height, z};
    add_pot(room, random, mouth, height);
    static constexpr std::array<PlantKind, 3> kKinds{PlantKind::eucalyptus, PlantKind::olive, PlantKind::broad};
    add_plant(room, random, {mouth, random.between(0.32, 0.48), -side * 0.05, random.pick(kKinds)});
  }
}

void stand_plant(Room& room, Random& random, double x) {
  room.start_thing();
  const double height = random.between(0.3, 0.42);
  const Vec3 mouth{x, height, random.between(0.4, 0.55)};
  add_pot(room, random, mouth, height);
  static constexpr std::array<PlantKind, 4> kKinds{PlantKind::broad, PlantKind::palm, PlantKind::olive,
                                                   PlantKind::palm};
  add_plant(room, random, {mouth, random.between(0.8, 1.15), random.between(-0.1, 0.1), random.pick(kKinds)});
}

Framing sofa_corner(Room& room, Random& random, const SceneOptions& options) {
  const double width = random.between(1.7, 2.3);
  add_sofa(room, random, 0, width);
  if (options.surfaces > 1)
    hang_gallery(room, random, options.surfaces, 1.02);
  else
    hang_one(room, random, 1.0, random.between(0.75, 1.1), 0.5);
  const double side = random.sign();
  room.start_thing();
  if (random.chance(0.5))
    add_lamp(room, random,
             {{side * (width / 2 + 0.3), 0, 0.4},
              random.between(1.45, 1.6),
              Stand::floor,
              random.chance(0.6) ? 0.6F : 0.0F,
              false});
  else
    stand_plant(room, random, side * (width / 2 + 0.35));
  if (random.chance(0.4)) stand_plant(room, random, -side * (width / 2 + 0.35));
  return {{random.between(-0.15, 0.15), 1.12, 0.2}, random.between(0.42, 0.5), 0.05, 0, false, 0};
}

Framing console_corner(Room& room, Random& random, const SceneOptions& options) {
  const double width = random.between(1.3, 1.8);
  const double top = add_console(room, random, 0, width);
  if (options.surfaces > 1)
    hang_gallery(room, random, options.surfaces, top + 0.25);
  else
    hang_one(room, random, top + 0.28, random.between(0.7, 0.95), 0.25);
  if (!options.covered) dress_top(room, random, top, width / 2);
  return {{random.between(-0.12, 0.12), 1.25, 0.1}, random.between(0.48, 0.6), 0.04, 0, false, top};
}

Framing leaning_corner(Room& room, Random& random, const SceneOptions& options) {
  const double width = random.between(1.2, 1.6);
  const double top = add_console(room, random, 0, width);
  const double angle = lean(room, random, top);
  if (!options.covered) dress_top(room, random, top, width / 2);
  const double y = room.panels.front().pose.origin.y;
  return {{random.between(-0.1, 0.1), y - 0.08, 0.1}, random.between(0.55, 0.66), angle + 0.01, angle, false, top};
}

Framing television_corner(Room& room, Random& random, const SceneOptions& options) {
  const double width = random.between(1.5, 1.9);
  const double top = add_console(room, random, 0, width);
  const double screen = random.between(1.0, 1.25);
  hang(room, make_panel(random, PanelKind::screen, screen, screen * 9 / 16), 0, top + 0.2 + screen * 9 / 32 + 0.1);
  if (!options.covered) dress_top(room, random, top, width / 2);
  return {{random.between(-0.1, 0.1), 1.1, 0.1}, random.between(0.5, 0.6), 0.03, 0, false, top};
}

Framing bed_corner(Room& room, Random& random) {
  add_bed(room, random, 0);
  hang_one(room, random, 1.3, random.between(0.8, 1.1), 0.75);
  room.panels.front().pose.origin.y += 0.1;
  return {{random.between(-0.1, 0.1), 1.2, 0.3}, random.between(0.42, 0.5), 0.08, 0, false, 0};
}

Framing bare_corner(Room& room, Random& random, const SceneOptions& options) {
  if (options.surfaces > 1)
    hang_gallery(room, random, options.surfaces, 0.5);
  else
    hang_one(room, random, 0.7, random.between(0.7, 1.0), 0.25);
  if (!options.covered && random.chance(0.5)) {
    const double side = random.sign();
    stand_plant(room, random, side * random.between(0.85, 1.1));
  }
  const double y = room.panels.front().pose.origin.y;
  return {{random.between(-0.12, 0.12), options.surfaces > 1 ? 1.5 : y - 0.05, 0},
          random.between(0.55, 0.72),
          0,
          0,
          false,
          0};
}

}  // namespace

Framing lay_out_wall(Room& room, Random& random, const SceneOptions& options) {
  room.wall = make_wall(random);
  room.floor = make_floor(random);
  room.ceiling = random.between(2.6, 3.1);
  add_baseboard(room, random);
  switch (choose_setting(random, options)) {
    case Setting::sofa:
      return sofa_corner(room, random, options);
    case Setting::console:
      return console_corner(room, random, options);
    case Setting::leaning:
      return leaning_corner(room, random, options);
    case Setting::television:
      return television_corner(room, random, options);
    case Setting::bed:
      return bed_corner(room, random);
    case Setting::bare:
      return bare_corner(room, random, options);
  }
  return {};
}

}  // namespace vitrine
