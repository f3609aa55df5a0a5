#include <nlohmann/json.hpp>

#include "vitrine/compose/fidelity.h"

namespace vitrine {
namespace {

nlohmann::json corners(const Quad& quad) {
  nlohmann::json list = nlohmann::json::array();
  for (const Point& p : quad.corners) list.push_back({p.x, p.y});
  return list;
}

nlohmann::json flags(const Fidelity& fidelity) {
  nlohmann::json list = nlohmann::json::array();
  if (fidelity.distorted) list.push_back("distorted");
  if (fidelity.coarse) list.push_back("coarse");
  if (fidelity.recoloured) list.push_back("recoloured");
  return list;
}

}  // namespace

std::string fidelity_json(const std::vector<Fidelity>& report) {
  nlohmann::json placements = nlohmann::json::array();
  for (const Fidelity& fidelity : report)
    placements.push_back({{"region", fidelity.region},
                          {"quad", corners(fidelity.quad)},
                          {"source", corners(fidelity.source)},
                          {"scene_from_artwork", fidelity.scene_from_artwork.m},
                          {"scale", fidelity.scale},
                          {"ratio_distortion", fidelity.ratio_distortion},
                          {"light", fidelity.light},
                          {"visible", fidelity.visible},
                          {"delta_e_median", fidelity.delta_e_median},
                          {"delta_e_95", fidelity.delta_e_95},
                          {"ssim", fidelity.ssim},
                          {"sharpness", fidelity.sharpness},
                          {"flags", flags(fidelity)}});
  return nlohmann::json{{"placements", std::move(placements)}}.dump(2);
}

}  // namespace vitrine
