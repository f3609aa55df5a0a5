#include "detect/scene_check.h"

#include <stdexcept>
#include <string>

namespace vitrine {

void require_detectable(ImageView scene) {
  if (scene.empty() || scene.data == nullptr)
    throw std::invalid_argument("The scene has " + std::to_string(scene.width()) + " x " +
                                std::to_string(scene.height()) + " pixels. Give an image with at least one pixel.");
  if (!is_8bit(scene.format))
    throw std::invalid_argument("The scene holds float pixels; detectors take gray8, rgb8 or rgba8. Convert it first.");
}

}  // namespace vitrine
