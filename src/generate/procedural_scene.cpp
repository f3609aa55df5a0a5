#include "vitrine/generate/procedural_scene.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "generate/scene_render.h"

namespace vitrine {
namespace {

void require_valid(const SceneOptions& options) {
  const auto side_ok = [](int side) { return side >= 64 && side <= 8192; };
  if (!side_ok(options.size.width) || !side_ok(options.size.height))
    throw std::invalid_argument("A scene of " + std::to_string(options.size.width) + " x " +
                                std::to_string(options.size.height) +
                                " pixels was asked for; sides from 64 to 8192 can be made.");
  if (options.surfaces < 1 || options.surfaces > 6)
    throw std::invalid_argument("A scene with " + std::to_string(options.surfaces) +
                                " surfaces was asked for; 1 to 6 can be hung.");
  if (!(options.max_tilt_degrees >= 0 && options.max_tilt_degrees <= 60))
    throw std::invalid_argument("SceneOptions::max_tilt_degrees is " + std::to_string(options.max_tilt_degrees) +
                                "; it must lie in 0 to 60.");
  if (name_of(options.place) == "unknown")
    throw std::invalid_argument("SceneOptions::place has no known value; use one of ScenePlace.");
}

Shows shows_of(ScenePlace place) {
  switch (place) {
    case ScenePlace::blank:
      return Shows::plain;
    case ScenePlace::hole:
      return Shows::hole;
    case ScenePlace::key:
      return Shows::key;
    case ScenePlace::cutout:
      return Shows::blank;
    case ScenePlace::filled:
      return Shows::filled;
    case ScenePlace::none:
      break;
  }
  return Shows::given;
}

// Three decimals, whatever the locale.
std::string in_thousandths(float share) {
  const std::string digits = std::to_string(1000 + std::lround(1000 * std::clamp(share, 0.0F, 0.999F)));
  return "0." + digits.substr(1);
}

std::string reason_for(const Panel& panel, ScenePlace place) {
  if (place != ScenePlace::blank) return "Made there by the procedural scene.";
  return "Made there by the procedural scene, with albedo " + in_thousandths(panel.blank.r) + " " +
         in_thousandths(panel.blank.g) + " " + in_thousandths(panel.blank.b) + ".";
}

Region region_of(const Panel& panel, Image mask, ScenePlace place) {
  Region region;
  region.quad = panel.quad;
  region.label = name_of(panel.kind);
  region.confidence = 1;
  region.detector = "procedural";
  region.shows = shows_of(place);
  region.reason = reason_for(panel, place);
  region.mask = std::move(mask);
  return region;
}

}  // namespace

std::string_view name_of(ScenePlace place) noexcept {
  switch (place) {
    case ScenePlace::blank:
      return "blank";
    case ScenePlace::hole:
      return "hole";
    case ScenePlace::key:
      return "key";
    case ScenePlace::cutout:
      return "cutout";
    case ScenePlace::filled:
      return "filled";
    case ScenePlace::none:
      return "none";
  }
  return "unknown";
}

ProceduralScene make_procedural_scene(const SceneOptions& options) {
  require_valid(options);
  const Room room = make_room(options);
  RenderedScene rendered = render_scene(room, options);
  ProceduralScene scene;
  scene.image = std::move(rendered.image);
  scene.light = std::move(rendered.light);
  scene.occluder = std::move(rendered.occluder);
  scene.description = room.description;
  for (std::size_t i = 0; i < room.panels.size(); ++i)
    scene.surfaces.push_back(region_of(room.panels[i], std::move(rendered.masks[i]), options.place));
  return scene;
}

}  // namespace vitrine
