#include "vitrine/detect/detector.h"

namespace vitrine {

std::string_view name_of(Abstention abstention) noexcept {
  switch (abstention) {
    case Abstention::none:
      return "none";
    case Abstention::no_candidate:
      return "no_candidate";
    case Abstention::not_sure:
      return "not_sure";
    case Abstention::filtered:
      return "filtered";
    case Abstention::unusable_scene:
      return "unusable_scene";
  }
  return "unknown";
}

Detection Detector::detect(ImageView scene) const {
  Context context;
  return detect(scene, context);
}

}  // namespace vitrine
