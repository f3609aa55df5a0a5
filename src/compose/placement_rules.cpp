#include "compose/placement_rules.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace vitrine {
namespace {

struct Range {
  double low;
  double high;
};

// One or two digits, "-45", whatever the locale.
std::string plain(double value) {
  std::string text = std::to_string(value);
  for (char& c : text)
    if (c == ',') c = '.';
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

void require_within(const char* what, double value, Range range) {
  if (value >= range.low && value <= range.high) return;
  throw std::invalid_argument(std::string(what) + " is " + std::to_string(value) + "; it must lie in [" + plain(range.low) +
                              ", " + plain(range.high) + "].");
}

void require_known_names(const Look& look, Fit fit) {
  if (name_of(fit) == "unknown") throw std::invalid_argument("The fit has no known value; use one of Fit.");
  if (name_of(look.light) == "unknown") throw std::invalid_argument("Look::light has no known value; use one of Light.");
  if (name_of(look.blend) == "unknown") throw std::invalid_argument("Look::blend has no known value; use one of Blend.");
  if (name_of(look.blend_space) == "unknown")
    throw std::invalid_argument("Look::blend_space has no known value; use one of BlendSpace.");
}

void require_together(const Look& look, Fit fit) {
  if (look.ink && look.blend != Blend::normal)
    throw std::invalid_argument("The look asks for ink and for blend \"" + std::string(name_of(look.blend)) +
                                "\"; ink mixes by itself. Leave one of them out.");
  const bool framed = fit == Fit::mat || look.inner_shadow || look.bevel;
  if (look.cylinder && framed)
    throw std::invalid_argument(
        "The look asks for a cylinder and for a mat, an inner shadow or a bevel; those need a flat surface. Leave one "
        "of them out.");
}

}  // namespace

void require_scene(const Image& scene) {
  if (scene.empty()) throw std::invalid_argument("The scene is empty. Give an image with pixels.");
  if (!is_8bit(scene.format()))
    throw std::invalid_argument("The scene holds floats. Give an 8-bit image: gray8, rgb8 or rgba8.");
}

void require_look(const Look& look, Fit fit) {
  require_known_names(look, fit);
  require_within("The opacity", look.opacity, {0, 1});
  require_within("The mat's width", look.mat.width, {0, 0.4});
  require_within("The mat's bevel", look.mat.bevel, {0, 0.05});
  if (look.ink) {
    require_within("The ink's underbase", look.ink->underbase, {0, 1});
    require_within("The ink's weave", look.ink->weave, {0, 1});
    require_within("The ink's relief", look.ink->relief, {0, 1});
  }
  if (look.cylinder) {
    require_within("The cylinder's arc", look.cylinder->degrees, {1, 175});
    require_within("The cylinder's upper bow", look.cylinder->bow_top, {-0.4, 0.4});
    require_within("The cylinder's lower bow", look.cylinder->bow_bottom, {-0.4, 0.4});
  }
  if (look.inner_shadow) {
    require_within("The inner shadow's depth", look.inner_shadow->depth, {0, 0.2});
    require_within("The inner shadow's strength", look.inner_shadow->strength, {0, 1});
  }
  if (look.bevel) require_within("The bevel's width", look.bevel->width, {0, 0.1});
  require_within("Look::light_from", look.light_from, {-360, 360});
  require_together(look, fit);
}

void require_placement(const Placement& placement, const Template& room) {
  if (placement.artwork.empty()) throw std::invalid_argument("The artwork is empty. Give an image with pixels.");
  if (!is_8bit(placement.artwork.format()))
    throw std::invalid_argument("The artwork holds floats. Give an 8-bit image: gray8, rgb8 or rgba8.");
  if (placement.region >= room.regions().size())
    throw std::invalid_argument("The placement names region " + std::to_string(placement.region) + "; the template has " +
                                std::to_string(room.regions().size()) + ", counted from 0.");
  require_look(placement.look, placement.fit);
}

}  // namespace vitrine
