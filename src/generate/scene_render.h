#pragma once

#include <vector>

#include "generate/room.h"

namespace vitrine {

struct RenderedScene {
  Image image;
  Image light;
  Image occluder;
  std::vector<Image> masks;  ///< One per panel.
};

/// Photographs the room. The panels' pictures are lit paper or print, or flat or missing, as `place` says.
RenderedScene render_scene(const Room& room, const SceneOptions& options);

}  // namespace vitrine
